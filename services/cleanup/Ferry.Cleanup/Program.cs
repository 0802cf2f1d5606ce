using Ferry.Cleanup;
using Ferry.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddFerryDefaults("cleanup");
builder.AddCleanup();
builder.AddFerryBus();

var app = builder.Build();
app.MapFerryDefaults();
app.Run();
