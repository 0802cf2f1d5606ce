using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ferry.DiskImages.Tests;

/// <summary>Reading over HTTP from a server that behaves, and from one that does not.</summary>
public sealed class HttpSourceTests : IAsyncLifetime
{
    private readonly byte[] _content = new byte[300_000];
    private readonly HttpClient _client = HttpImageFiles.CreateClient();
    private WebApplication _server = null!;
    private Uri _base = null!;
    private Func<HttpContext, Task>? _misbehave;
    private string _tag = "\"v1\"";
    private int _requests;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        new Random(11).NextBytes(_content);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync(Token);
        _base = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/vms/");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Read_Ranges_GivesTheBytesAndThePin()
    {
        await using var source = await OpenAsync();
        var buffer = new byte[100_001];
        await source.ReadAsync(77_777, buffer, Token);

        Assert.Equal(_content[77_777..(77_777 + buffer.Length)], buffer);
        Assert.Equal(_content.Length, source.Length);
        Assert.Equal("\"v1\"", source.Pin.ETag);
        await source.VerifyUnchangedAsync(Token);
        await Images.FailsAsync(DiskImageErrors.Truncated, async () => await source.ReadAsync(_content.Length - 1, new byte[2], Token));
    }

    [Fact]
    public async Task Open_ServerWithoutRanges_IsRefused()
    {
        _misbehave = context => context.Response.Body.WriteAsync(_content).AsTask();
        await Images.FailsAsync(DiskImageErrors.InputOutput, OpenAsync);
    }

    [Fact]
    public async Task Read_FileThatChanged_IsAnErrorAndNoMixture()
    {
        await using var source = await OpenAsync();
        _tag = "\"v2\"";

        // The server sees the other version in If-Range and sends the whole new file with 200.
        await Images.FailsAsync(DiskImageErrors.SourceChanged, async () => await source.ReadAsync(0, new byte[10], Token));
        await Images.FailsAsync(DiskImageErrors.SourceChanged, async () => await source.VerifyUnchangedAsync(Token));
    }

    [Fact]
    public async Task Read_ServerThatIgnoresIfRange_IsFoundOutByTheTag()
    {
        await using var source = await OpenAsync();
        _misbehave = context =>
        {
            context.Request.Headers.Remove("If-Range");
            _tag = "\"v2\"";
            return SendRangeAsync(context);
        };

        await Images.FailsAsync(DiskImageErrors.SourceChanged, async () => await source.ReadAsync(0, new byte[10], Token));
    }

    [Theory]
    [InlineData("bytes 1-10/300000", DiskImageErrors.InputOutput)]
    [InlineData("bytes 0-9/300001", DiskImageErrors.SourceChanged)]
    [InlineData(null, DiskImageErrors.InputOutput)]
    public async Task Read_WrongContentRange_IsRefused(string? contentRange, string code)
    {
        await using var source = await OpenAsync();
        _misbehave = async context =>
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ETag = _tag;
            context.Response.Headers.ContentRange = contentRange;
            await context.Response.Body.WriteAsync(new byte[10]);
        };

        await Images.FailsAsync(code, async () => await source.ReadAsync(0, new byte[10], Token));
    }

    [Fact]
    public async Task Read_BodyThatBreaksOff_GoesOnWhereItBroke()
    {
        await using var source = await OpenAsync();
        _requests = 0;
        _misbehave = context => SendRangeAsync(context, limit: 40_000);
        var buffer = new byte[100_000];

        await source.ReadAsync(5, buffer, Token);

        Assert.Equal(_content[5..(5 + buffer.Length)], buffer);
        Assert.InRange(_requests, 3, 12);
        _misbehave = context => SendRangeAsync(context, limit: 0);
        await Images.FailsAsync(DiskImageErrors.InputOutput, async () => await source.ReadAsync(0, new byte[200_000], Token));
    }

    [Fact]
    public async Task Open_RedirectToAnotherHost_IsNotFollowed()
    {
        _misbehave = context =>
        {
            context.Response.Redirect("http://localhost.example/secret");
            return Task.CompletedTask;
        };
        await Images.FailsAsync(DiskImageErrors.ForbiddenReference, OpenAsync);

        _misbehave = context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/there", StringComparison.Ordinal))
            {
                context.Response.Redirect("there");
                return Task.CompletedTask;
            }

            return SendRangeAsync(context);
        };
        await using var source = await OpenAsync();
        Assert.Equal(_content.Length, source.Length);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("http://other/")]
    public async Task Open_NameThatLeadsElsewhere_IsRefused(string name)
    {
        await using var files = new HttpImageFiles(_base, _client);
        await Images.FailsAsync(DiskImageErrors.ForbiddenReference, async () => await files.OpenAsync(name, Token));
        Assert.Equal(0, _requests);
    }

    [Fact]
    public async Task Open_MissingFileOrServerError_SaysSo()
    {
        _misbehave = context =>
        {
            context.Response.StatusCode = _requests == 1 ? 404 : 503;
            return Task.CompletedTask;
        };
        await Images.FailsAsync(DiskImageErrors.MissingFile, OpenAsync);
        await Images.FailsAsync(DiskImageErrors.InputOutput, OpenAsync);
    }

    private async Task<IByteSource> OpenAsync()
    {
        await using var files = new HttpImageFiles(_base, _client);
        return await files.OpenAsync("disk 1.bin", Token);
    }

    private Task AnswerAsync(HttpContext context)
    {
        _requests++;
        return _misbehave is null ? SendRangeAsync(context) : _misbehave(context);
    }

    private async Task SendRangeAsync(HttpContext context, int limit = int.MaxValue)
    {
        var range = context.Request.GetTypedHeaders().Range!.Ranges.Single();
        var ifRange = context.Request.Headers.IfRange.ToString();
        context.Response.Headers.ETag = _tag;
        if (ifRange.Length > 0 && ifRange != _tag)
        {
            await context.Response.Body.WriteAsync(_content);
            return;
        }

        var (from, to) = ((int)range.From!, (int)range.To!);
        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.Headers.ContentRange = $"bytes {from}-{to}/{_content.Length}";
        context.Response.ContentLength = to - from + 1;
        await context.Response.Body.WriteAsync(_content.AsMemory(from, Math.Min(limit, to - from + 1)));

        // Where fewer bytes than announced were written, the server closes the connection.
    }
}
