using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Ferry.Fixup.Rehearsal.Qemu;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>The client of QEMU's control protocol, against a fake that speaks as QEMU does.</summary>
public sealed class QmpClientTests : IAsyncDisposable
{
    private const string Greeting = """{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian"}, "capabilities": ["oob"]}}""";
    private readonly Pipe _toClient = new();
    private readonly Pipe _toQemu = new();
    private readonly QmpClient _client;
    private readonly StreamReader _received;

    public QmpClientTests()
    {
        _client = new QmpClient(new TwoWay(_toClient.Reader.AsStream(), _toQemu.Writer.AsStream()));
        _received = new StreamReader(_toQemu.Reader.AsStream());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _received.Dispose();
    }

    [Fact]
    public async Task Start_NegotiatesBeforeAnythingElse()
    {
        var start = _client.StartAsync(Token);
        await SayAsync(Greeting);
        Assert.Equal("qmp_capabilities", await AnswerAsync("""{}"""));
        await start;
    }

    [Fact]
    public async Task Execute_SendsArguments_AndGivesTheAnswer_WithEventsBetween()
    {
        var call = _client.ExecuteAsync("pmemsave", new { val = 753664, size = 4000, filename = "/x" }, Token);
        using var request = JsonDocument.Parse((await _received.ReadLineAsync(Token))!);
        Assert.Equal(753664, request.RootElement.GetProperty("arguments").GetProperty("val").GetInt32());
        await SayAsync("""{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "RESET", "data": {"guest": true, "reason": "guest-reset"}}""");
        await SayAsync($$"""{"return": {"done": 1}, "id": {{request.RootElement.GetProperty("id").GetInt64()}}}""");
        Assert.Equal(1, (await call).GetProperty("done").GetInt32());
        var happened = Assert.Single(_client.TakeEvents());
        Assert.Equal("RESET", happened.Name);
        Assert.True(happened.Data.GetProperty("guest").GetBoolean());
        Assert.Empty(_client.TakeEvents());
    }

    [Fact]
    public async Task Execute_Refused_SaysWhy()
    {
        var call = _client.ExecuteAsync("screendump", null, Token);
        await AnswerAsync("""{"class": "GenericError", "desc": "no console"}""", "error");
        Assert.Contains("no console", (await Assert.ThrowsAsync<QmpException>(() => call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_AnswerOfAnEarlierCommand_IsNotTaken()
    {
        var call = _client.ExecuteAsync("query-status", null, Token);
        await _received.ReadLineAsync(Token);
        await SayAsync("""{"return": {"wrong": 1}, "id": 77}""");
        await SayAsync("""{"return": {"right": 1}, "id": 1}""");
        Assert.True((await call).TryGetProperty("right", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no JSON\n")]
    [InlineData("[1, 2]\n")]
    public async Task OtherSide_EndsOrTalksNonsense_EndsEveryCall(string words)
    {
        var start = _client.StartAsync(Token);
        await _toClient.Writer.WriteAsync(Encoding.UTF8.GetBytes(words), Token);
        if (words.Length == 0)
        {
            await _toClient.Writer.CompleteAsync();
        }

        await Assert.ThrowsAsync<QmpException>(() => start);
        Assert.True(_client.Ended);
        await Assert.ThrowsAsync<QmpException>(() => _client.ExecuteAsync("quit", null, Token));
    }

    [Fact]
    public async Task OtherSide_EndlessLine_EndsTheCall()
    {
        var start = _client.StartAsync(Token);
        var noise = new byte[2 * JsonLines.LongestLine];
        Array.Fill(noise, (byte)' ');
        var writing = _toClient.Writer.WriteAsync(noise, Token).AsTask();

        await Assert.ThrowsAsync<QmpException>(() => start);
        await _toClient.Reader.CompleteAsync();
        await writing;
    }

    private async Task SayAsync(string line) => await _toClient.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), Token);

    private async Task<string> AnswerAsync(string value, string kind = "return")
    {
        using var request = JsonDocument.Parse((await _received.ReadLineAsync(Token))!);
        await SayAsync($$"""{"{{kind}}": {{value}}, "id": {{request.RootElement.GetProperty("id").GetInt64()}}}""");
        return request.RootElement.GetProperty("execute").GetString()!;
    }
}
