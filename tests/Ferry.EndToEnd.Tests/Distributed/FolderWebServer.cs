using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>A plain web server over a folder: static files with Range, ETag and Last-Modified, and a record of what it sent.</summary>
internal sealed class FolderWebServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<ServedRange> served = new();

    private FolderWebServer(WebApplication app) => this.app = app;

    /// <summary>The ranges that were asked for so far, in order.</summary>
    public IReadOnlyList<ServedRange> Served => [.. served];

    /// <summary>How long the server takes before it answers a range of a file.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>What the server does with the request for a range of a file instead of answering it properly (the second argument); null: it answers.</summary>
    public Func<HttpContext, Func<Task>, Task>? Misbehave { get; set; }

    public string Url(string file) => $"{app.Urls.Single()}/{file}";

    public static async Task<FolderWebServer> StartAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new FolderWebServer(builder.Build());
        server.app.Use(async (context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                if (HttpMethods.IsGet(context.Request.Method))
                {
                    server.served.Enqueue(new ServedRange(
                        context.Request.Path, context.Response.GetTypedHeaders().ContentRange?.From ?? 0, context.Response.ContentLength ?? 0));
                }

                return Task.CompletedTask;
            });
            if (context.Request.Headers.Range.Count > 0)
            {
                await Task.Delay(server.Delay, context.RequestAborted);
            }

            if (server.Misbehave is { } misbehave && HttpMethods.IsGet(context.Request.Method))
            {
                await misbehave(context, () => next(context));
                return;
            }

            await next(context);
        });
        server.app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(folder), ServeUnknownFileTypes = true,
        });
        await server.app.StartAsync();
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
