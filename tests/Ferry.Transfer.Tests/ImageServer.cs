using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ferry.Transfer.Tests;

/// <summary>A real web server with one file, <c>/images/disk.raw</c>, that can misbehave.</summary>
internal sealed class ImageServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private int requests;

    private ImageServer(WebApplication app) => this.app = app;

    public byte[] Content { get; set; } = [];

    public string ETag { get; set; } = "\"v1\"";

    /// <summary>What to do with request n (from 1); null: answer as one should.</summary>
    public Func<int, Misbehaviour?> Behave { get; set; } = _ => null;

    /// <summary>How long every answer takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The Authorization header that is wanted, or null for none.</summary>
    public string? Wanted { get; set; }

    /// <summary>Authorization headers and queries that came.</summary>
    public ConcurrentBag<(string Authorization, string Query)> Asked { get; } = [];

    public int Requests => requests;

    public string Host => new Uri(app.Urls.First()).Authority;

    /// <summary>First bytes of the ranges that were asked for.</summary>
    public ConcurrentBag<(long From, long To)> Ranges { get; } = [];

    public string Location => $"{app.Urls.First()}/images/";

    public static async Task<ImageServer> StartAsync(byte[] content)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ImageServer(builder.Build()) { Content = content };
        server.app.MapGet("/images/{name}", server.AnswerAsync);
        server.app.MapGet("/folder/{vm}/{name}", server.AnswerAsync);
        await server.app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var behaviour = Behave(Interlocked.Increment(ref requests));
        Asked.Add((context.Request.Headers.Authorization.ToString(), context.Request.QueryString.ToString()));
        if (Wanted is not null && context.Request.Headers.Authorization != Wanted)
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"ESXi\"";
            return;
        }

        var range = context.Request.GetTypedHeaders().Range!.Ranges.Single();
        var (from, to) = (range.From!.Value, Math.Min(range.To!.Value, Content.Length - 1));
        Ranges.Add((from, to));
        var response = context.Response;
        response.Headers.ETag = ETag;
        await Task.Delay(Delay, context.RequestAborted);
        var full = context.Request.Headers.IfRange.ToString() is { Length: > 0 } version && version != ETag;
        switch (behaviour)
        {
            case Misbehaviour.Unavailable:
                response.StatusCode = 503;
                return;
            case Misbehaviour.UnavailableForASecond:
                response.StatusCode = 503;
                response.Headers.RetryAfter = "1";
                return;
            case Misbehaviour.Resets:
                context.Abort();
                return;
            case Misbehaviour.ElsewhereRedirect:
                response.Redirect("http://169.254.169.254/latest/meta-data");
                return;
            case Misbehaviour.WrongRange:
                from = Math.Max(0, from - 1);
                break;
            case Misbehaviour.IgnoresRange:
                full = true;
                break;
            case Misbehaviour.Silent:
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
        }

        if (full)
        {
            await response.Body.WriteAsync(Content, context.RequestAborted);
            return;
        }

        response.StatusCode = 206;
        response.Headers.ContentRange = $"bytes {from}-{to}/{Content.Length}";
        var body = Content.AsMemory((int)from, (int)(to - from + 1));
        response.ContentLength = body.Length;
        if (behaviour == Misbehaviour.BreaksOff)
        {
            await response.Body.WriteAsync(body[..(body.Length / 2)], context.RequestAborted);
            await response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
            return;
        }

        if (behaviour == Misbehaviour.Corrupts)
        {
            body = body.ToArray();
            body.Span[body.Length / 2] ^= 1;
        }

        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
