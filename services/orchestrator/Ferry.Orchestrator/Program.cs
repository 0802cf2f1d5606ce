using Ferry.Hosting;
using Ferry.Orchestrator;
using Ferry.Orchestrator.Api;

var builder = WebApplication.CreateBuilder(args);
builder.AddFerryDefaults("orchestrator");
builder.AddOrchestrator();
builder.Services.AddOpenApi();
builder.AddFerryBus();

var app = builder.Build();
app.MapFerryDefaults();
app.MapOpenApi();
app.MapConversionsApi();
await app.RunAsync();
