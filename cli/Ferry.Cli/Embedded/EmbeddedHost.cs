using Ferry.Capture;
using Ferry.Cleanup;
using Ferry.Cli.Commands;
using Ferry.Conversion;
using Ferry.Fixup;
using Ferry.Hosting;
using Ferry.Orchestrator;
using Ferry.Transfer;

namespace Ferry.Cli.Embedded;

/// <summary>All services in one process: the in-memory bus, SQLite and folders; the same code as the distributed services.</summary>
internal static class EmbeddedHost
{
    /// <summary>The settings that make a process embedded.</summary>
    public static Dictionary<string, string?> Settings(string database, string chunks) => new()
    {
        ["Ferry:Store:Kind"] = "sqlite",
        ["Ferry:Store:Path"] = database,
        ["Ferry:Bus:Kind"] = "memory",
        ["Ferry:Chunks:Path"] = chunks,
        // Only this process works on this store (the folder that holds it is locked), so what says it is running is left from a process that died.
        ["Ferry:Jobs:ReclaimAtStart"] = "true",
    };

    /// <summary>Registers every service.</summary>
    public static void AddAllServices(this IHostApplicationBuilder builder)
    {
        builder.AddFerryDefaults("ferry");
        builder.AddOrchestrator();
        builder.AddCapture();
        builder.AddTransfer();
        builder.AddFixup();
        builder.AddConversion();
        builder.AddCleanup();
        builder.AddFerryBus();
    }

    /// <summary>A host without a web server, for one conversion.</summary>
    /// <param name="work">State and chunks.</param>
    /// <param name="options">The library, and whether the services' logs go to standard error, rather than warnings only.</param>
    public static IHost Build(WorkFolder work, EmbeddedOptions options)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddInMemoryCollection(Settings(work.Database, work.Chunks));
        builder.Configuration.AddInMemoryCollection(Arguments.LibrarySettings(options.Library));

        // Whoever started the command stands before it: a full disk is an error now, and the same command goes on later.
        builder.Configuration.AddInMemoryCollection([new("Ferry:Jobs:WaitForOutside", "false"), new("Fixup:FirstBoot:AllowPaths", "true")]);
        builder.AddAllServices();
        builder.Logging.ClearProviders();
        if (options.Verbose)
        {
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
            builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
                console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        return builder.Build();
    }
}
