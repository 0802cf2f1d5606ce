using System.Globalization;
using Ferry.EndToEnd.Tests.Distributed;
using Ferry.EndToEnd.Tests.Embedded;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.ControlPlane;

/// <summary>
/// A thousand conversions of 1 MiB disks submitted at once complete, none lost and none stuck; the figures are printed for docs/performance.md, and added to the file
/// that <c>FERRY_FIGURES</c> names. <c>FERRY_CONTROL_PLANE</c> is another number of conversions. The emulator of MongoDB gets fewer: it looks through every document for every query.
/// </summary>
public sealed class ControlPlaneTests(ITestOutputHelper output)
{
    private const int Few = 10;
    private const int MostForTheEmulator = 300;

    private static int Many => int.TryParse(Environment.GetEnvironmentVariable("FERRY_CONTROL_PLANE"), CultureInfo.InvariantCulture, out var count) ? count : 1000;

    [Fact]
    public Task Embedded_ConversionsAtOnce_Complete() => EmbeddedAsync(Few);

    [Fact]
    [Trait("Tier", "all")]
    public Task Embedded_AThousandAtOnce_Complete() => EmbeddedAsync(Many);

    [Fact]
    [Trait("Tier", "all")]
    public Task RabbitMqAndSqlite_AThousandAtOnce_Complete() => RabbitMqAsync("RabbitMQ and one SQLite file", "sqlite", Many);

    [Fact]
    [Trait("Tier", "all")]
    public Task RabbitMqAndMongo_HundredsAtOnce_Complete() => RabbitMqAsync("RabbitMQ and the emulator of MongoDB", "mongodb", Math.Min(Many, MostForTheEmulator));

    private async Task RabbitMqAsync(string name, string store, int count)
    {
        using var folder = new TempFolder("control-plane");

        // Spans of all of them would measure the test's receiver, and short leases the renewals.
        await using var ferry = await DistributedFerry.StartAsync(settings: new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = null,
            ["Ferry__Jobs__LeaseSeconds"] = "45",
            ["Ferry__Jobs__RenewSeconds"] = "10",
            ["Ferry__Store__Kind"] = store,
            ["Ferry__Store__Path"] = folder.File("ferry.db"),
        });
        await new ControlPlaneLoad(ferry.Gateway, ferry.File("idle")).RunAsync(1);
        Print($"One alone, {name}, one process for each service", await new ControlPlaneLoad(ferry.Gateway, ferry.File("one")).RunAsync(1));
        Print($"{name}, one process for each service", await new ControlPlaneLoad(ferry.Gateway, ferry.File("load")).RunAsync(count));
    }

    private async Task EmbeddedAsync(int count)
    {
        using var folder = new TempFolder("control-plane");
        await using var server = await FerryServer.StartAsync(folder.File("data"));
        using var api = server.Client();
        await new ControlPlaneLoad(api, folder.File("idle")).RunAsync(1);
        Print("One alone, embedded", await new ControlPlaneLoad(api, folder.File("one")).RunAsync(1));
        Print("Embedded, in-memory bus and SQLite", await new ControlPlaneLoad(api, folder.File("load")).RunAsync(count));
    }

    private void Print(string title, ControlPlaneFigures figures)
    {
        var text = figures.ToMarkdown(title);
        output.WriteLine(text);
        if (Environment.GetEnvironmentVariable("FERRY_FIGURES") is { Length: > 0 } file)
        {
            File.AppendAllText(file, text + "\n");
        }
    }
}
