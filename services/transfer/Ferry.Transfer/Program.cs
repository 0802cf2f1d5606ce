using Ferry.Hosting;
using Ferry.Transfer;

var builder = WebApplication.CreateBuilder(args);
builder.AddFerryDefaults("transfer");
builder.AddTransfer();
builder.AddFerryBus();

var app = builder.Build();
app.MapFerryDefaults();
app.MapTransferApi();
app.Run();
