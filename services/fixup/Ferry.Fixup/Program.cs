using Ferry.Fixup;
using Ferry.Fixup.Appliance;
using Ferry.Hosting;

if (GuestWorker.TryRun(args, out var exitCode))
{
    return exitCode;
}

var builder = WebApplication.CreateBuilder(args);
builder.AddFerryDefaults("fixup");
builder.AddFixup();
builder.AddFerryBus();

var app = builder.Build();
app.MapFerryDefaults();
app.Run();
return 0;
