using Ferry.Hosting;
using Ferry.Transfer;
using Ferry.Transfer.Api;

var builder = WebApplication.CreateBuilder(args);
builder.AddFerryDefaults("transfer");
builder.AddTransfer();
builder.AddFerryApi("transfer");
builder.AddFerryBus();

var app = builder.Build();
app.MapFerryDefaults();
app.MapFerryApi();
app.MapTransferApi();
app.MapLibraryApi();
app.Run();
