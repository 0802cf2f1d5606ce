using System.CommandLine;
using Ferry.Cli.Embedded;
using Ferry.Gateway.Authentication;
using Ferry.Hosting;
using Ferry.Orchestrator.Api;
using Ferry.Transfer;
using Scalar.AspNetCore;
using ApiKeyOptions = Ferry.Gateway.Authentication.ApiKeyOptions;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry serve</c>: all services and the API in one process.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var urls = new Option<string>("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => DataFolder.DefaultUrl };
        var data = new Option<string>("--data") { Description = "Folder for state and chunks.", DefaultValueFactory = _ => DataFolder.Default.Path };
        var command = new Command("serve", "Runs all services and the API in one process.") { urls, data };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(urls), new DataFolder(Path.GetFullPath(parsed.GetRequiredValue(data))), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string urls, DataFolder data, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        builder.Configuration.AddInMemoryCollection(EmbeddedHost.Settings(data.Database, data.Chunks));
        builder.Configuration.AddInMemoryCollection([new($"{ApiKeyOptions.SectionName}:Sha256:local", data.Prepare())]);
        builder.AddAllServices();
        builder.AddApiKeyAuthentication();
        builder.Services.AddOpenApi();

        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapFerryDefaults();
        app.MapOpenApi();
        app.MapScalarApiReference("/docs");
        app.MapConversionsApi();
        app.MapTransferApi();
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(
            $"ferry serves on {string.Join(", ", app.Urls)}; data and API key are in {data.Path}; stop with Ctrl+C"));
        await app.RunAsync(cancellationToken);
        return ExitCode.Done;
    }
}
