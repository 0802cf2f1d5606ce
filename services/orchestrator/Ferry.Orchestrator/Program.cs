using Ferry.Hosting;
using Ferry.Orchestrator;
using Ferry.Orchestrator.Api;

var builder = WebApplication.CreateBuilder(args);
builder.AddFerryDefaults("orchestrator");
builder.AddOrchestrator();
builder.AddFerryApi("v1");
builder.AddFerryBus();

var app = builder.Build();
app.MapFerryDefaults();
app.MapFerryApi();
app.MapConversionsApi();
app.MapDeadLettersApi();
app.MapResidueApi();
await app.RunAsync();
