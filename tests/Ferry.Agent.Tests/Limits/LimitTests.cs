using System.Net;
using Ferry.Agent.Limits;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Agent.Tests.Limits;

/// <summary>Limits of processor time and bandwidth, on a clock that the tests move.</summary>
public sealed class LimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.4)]
    [InlineData(0.05)]
    [InlineData(2)]
    public async Task ProcessorTime_StaysBelowTheShare(double processors)
    {
        var time = new FakeTimeProvider();
        var used = TimeSpan.Zero;
        using var limiter = new CpuLimiter(processors, () => used, time);
        var start = time.GetTimestamp();
        for (var i = 0; i < 300; i++)
        {
            await PassAsync(time, limiter.WaitAsync(Token).AsTask());

            // Two threads work at once.
            used += TimeSpan.FromMilliseconds(10);
            time.Advance(TimeSpan.FromMilliseconds(5));
        }

        var share = used / time.GetElapsedTime(start);
        Assert.InRange(share, Math.Min(processors, 2) * 0.5, processors * 1.05);
    }

    [Fact]
    public async Task ProcessorTimeThatWasNotUsed_IsNoCreditForLong()
    {
        var time = new FakeTimeProvider();
        var used = TimeSpan.Zero;
        using var limiter = new CpuLimiter(0.5, () => used, time);
        await limiter.WaitAsync(Token);
        time.Advance(TimeSpan.FromHours(1));
        await limiter.WaitAsync(Token);
        used += TimeSpan.FromSeconds(1);
        var waits = limiter.WaitAsync(Token).AsTask();
        Assert.False(waits.IsCompleted);
        await PassAsync(time, waits);
    }

    [Fact]
    public async Task Bytes_PassAtTheRate()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(1_000_000, time);
        var start = time.GetTimestamp();
        for (var i = 0; i < 200; i++)
        {
            await PassAsync(time, bucket.TakeAsync(10_000, Token).AsTask());
        }

        Assert.InRange(time.GetElapsedTime(start).TotalSeconds, 1.95, 2.4);
    }

    [Fact]
    public async Task PacedBody_IsTheBody()
    {
        var body = new byte[100_000];
        new Random(1).NextBytes(body);
        using var recorder = new Recorder();
        using var handler = new PacedHandler(recorder, new TokenBucket(1e9, TimeProvider.System));
        using var http = new HttpClient(handler) { BaseAddress = new Uri("http://localhost/") };
        using var content = new ByteArrayContent(body);
        content.Headers.ContentEncoding.Add("zstd");
        content.Headers.ContentType = new("application/octet-stream");
        using var answer = await http.PutAsync(new Uri("x", UriKind.Relative), content, Token);
        Assert.Equal(body, recorder.Body);
        Assert.Equal((100_000L, "zstd", "application/octet-stream"), (recorder.Length, recorder.Encoding, recorder.Type));
    }

    private static async Task PassAsync(FakeTimeProvider time, Task task)
    {
        while (!task.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        await task;
    }

    private sealed class Recorder : HttpMessageHandler
    {
        public byte[]? Body { get; private set; }

        public long? Length { get; private set; }

        public string? Encoding { get; private set; }

        public string? Type { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Length, Encoding, Type) = (request.Content!.Headers.ContentLength, request.Content.Headers.ContentEncoding.Single(), request.Content.Headers.ContentType!.MediaType);
            Body = await request.Content.ReadAsByteArrayAsync(cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }
    }
}
