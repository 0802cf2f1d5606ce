using Ferry.Cleanup;
using Ferry.Cleanup.Store;
using Ferry.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddFerryDefaults("cleanup");
builder.AddCleanup();
builder.AddFerryApi("cleanup");
builder.AddFerryBus();

var app = builder.Build();
app.MapFerryDefaults();
app.MapFerryApi();
app.MapStoreApi();
app.Run();
