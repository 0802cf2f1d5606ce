using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>A plain web server over a folder: static files with Range, ETag and Last-Modified, and a count of what it sent.</summary>
internal sealed class FolderWebServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private long bytesSent;

    private FolderWebServer(WebApplication app) => this.app = app;

    /// <summary>Bytes of the bodies that were announced so far.</summary>
    public long BytesSent => Interlocked.Read(ref bytesSent);

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
                Interlocked.Add(ref server.bytesSent, HttpMethods.IsHead(context.Request.Method) ? 0 : context.Response.ContentLength ?? 0);
                return Task.CompletedTask;
            });
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
