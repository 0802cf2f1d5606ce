using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using Ferry.Cli.Embedded;
using Ferry.Cleanup.Store;
using Ferry.Cli.Output;
using Ferry.Contracts;
using Ferry.Gateway.Authentication;
using Ferry.Gateway.Documentation;
using Ferry.Hosting;
using Ferry.Orchestrator.Api;
using Ferry.Transfer.Api;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Console;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry serve</c>: all services and the API in one process.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var urls = new Option<string>("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => DataFolder.DefaultUrl };
        var data = Arguments.Folder("--data");
        data.Description = "Folder for state and chunks.";
        data.DefaultValueFactory = _ => DataFolder.Default.Path;
        var library = Arguments.Library();
        library.Description = "Folder of the library share (default: the environment's Ferry__Library__Folder, else library in the data folder).";
        var json = Arguments.Json();
        var command = new Command("serve", "Runs all services and the API in one process.") { urls, data, library, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            CheckedUrls(parsed.GetRequiredValue(urls)),
            new DataFolder(Path.GetFullPath(parsed.GetRequiredValue(data)), Arguments.LibraryFolder(parsed.GetValue(library))),
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static string CheckedUrls(string urls)
    {
        foreach (var url in urls.Split(';'))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp || address.PathAndQuery != "/")
            {
                throw CliException.Usage("--urls holds what is no http address", url, $"Write it as {DataFolder.DefaultUrl}, several with ; between them; for https put a proxy in front");
            }
        }

        return urls;
    }

    private static async Task<int> RunAsync(string urls, DataFolder data, bool json, CancellationToken cancellationToken)
    {
        using var held = data.Open();
        await using var app = Build(urls, data, json);
        await StartAsync(app, urls, cancellationToken);
        Console.WriteLine(json
            ? JsonSerializer.Serialize(new { urls = app.Urls, docs = Documentation(app), data = data.Path, keyFile = data.KeyFile, library = data.Library }, JsonOutput.Options)
            : $"ferry serves on {string.Join(", ", app.Urls)}; its API is described at {Documentation(app)} (any user name, the API key as password); "
                + $"data and API key are in {data.Path}; stop with Ctrl+C");
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static string Documentation(WebApplication app) => app.Urls.First().TrimEnd('/') + ApiDocumentation.Path;

    internal static WebApplication Build(string urls, DataFolder data, bool json)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        builder.Configuration.AddInMemoryCollection(EmbeddedHost.Settings(data.Database, data.Chunks));
        builder.Configuration.AddInMemoryCollection(Arguments.LibrarySettings(data.Library));
        builder.Configuration.AddInMemoryCollection([new($"{ApiKeyOptions.SectionName}:Sha256:local", data.KeyDigest())]);
        builder.AddAllServices();
        builder.AddApiKeyAuthentication();
        builder.AddFerryApi("v1");
        if (json)
        {
            // Standard output holds one JSON document.
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapFerryDefaults();
        app.MapFerryApi();
        app.MapApiDocumentation("v1");
        app.MapConversionsApi();
        app.MapDeadLettersApi();
        app.MapResidueApi();
        app.MapTransferApi();
        app.MapLibraryApi();
        app.MapStoreApi();
        return app;
    }

    private static async Task StartAsync(WebApplication app, string urls, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            await app.StopAsync(CancellationToken.None);
            throw new CliException(
                new Failure { Code = "ADDRESS_IN_USE", Message = "Another program listens there already", Where = urls, Remedy = "Stop it, or choose another address with --urls" },
                exception);
        }
        catch (SocketException exception)
        {
            await app.StopAsync(CancellationToken.None);
            throw new CliException(
                new Failure { Code = "ADDRESS_UNUSABLE", Message = $"Nothing can listen there: {exception.Message}", Where = urls, Remedy = "Choose an address of this machine, and a port that you may use, with --urls" },
                exception);
        }
    }
}
