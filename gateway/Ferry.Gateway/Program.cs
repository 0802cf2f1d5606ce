using Ferry.Gateway.Authentication;
using Ferry.Gateway.Documentation;
using Ferry.Gateway.Proxy;
using Ferry.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddFerryTelemetry("gateway");
builder.AddApiKeyAuthentication();
builder.AddServiceRoutes();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapFerryDefaults();
app.MapApiDocumentation("v1", "transfer", "cleanup");
app.MapReverseProxy();
await app.RunAsync();
