using Ferry.Conversion;
using Ferry.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddFerryDefaults("conversion");
builder.AddConversion();
builder.AddFerryBus();

var app = builder.Build();
app.MapFerryDefaults();
app.Run();
