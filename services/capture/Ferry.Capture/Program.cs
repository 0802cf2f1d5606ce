using Ferry.Capture;
using Ferry.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddFerryDefaults(CaptureExtensions.Service);
builder.AddCapture();
builder.AddFerryBus();

var app = builder.Build();
app.MapFerryDefaults();
app.Run();
