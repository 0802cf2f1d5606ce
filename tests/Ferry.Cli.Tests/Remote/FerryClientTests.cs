using System.Net;
using System.Net.Sockets;
using System.Text;
using Ferry.Cli.Remote;

namespace Ferry.Cli.Tests.Remote;

/// <summary>A server that is not there, does not answer, or is none of Ferry's.</summary>
public sealed class FerryClientTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoServer_IsUnreachable()
    {
        int port;
        using (var taken = Listen())
        {
            port = ((IPEndPoint)taken.LocalEndpoint).Port;
        }

        Assert.Equal("SERVER_UNREACHABLE", (await FailureAsync(new Uri($"http://127.0.0.1:{port}"))).Failure.Code);
    }

    [Fact]
    public async Task ServerThatDoesNotAnswer_IsUnreachable_AndNotCancelled()
    {
        using var silent = Listen();
        var failed = await FailureAsync(AddressOf(silent));
        Assert.Equal(("SERVER_UNREACHABLE", 5), (failed.Failure.Code, failed.ExitCode));
        Assert.NotEmpty(failed.Failure.Remedy);
    }

    [Fact]
    public async Task Interruption_StaysAnInterruption()
    {
        using var silent = Listen();
        using var client = new FerryClient(AddressOf(silent), null, TimeSpan.FromMinutes(1));
        using var interrupted = new CancellationTokenSource(Short);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ListAsync(interrupted.Token));
    }

    [Theory]
    [InlineData("200 OK", "text/html", "<html>hello</html>", "SERVER_ERROR")]
    [InlineData("200 OK", "application/json", "{", "SERVER_ERROR")]
    [InlineData("503 Service Unavailable", "text/plain", "", "SERVER_ERROR")]
    [InlineData("401 Unauthorized", "application/json", "{}", "API_KEY_MISSING")]
    [InlineData("404 Not Found", "application/json", "{}", "CONVERSION_UNKNOWN")]
    public async Task Answer_ThatIsNoPage_IsAnErrorWithItsCode(string status, string type, string body, string code)
    {
        using var server = Listen();
        var answer = AnswerAsync(server, $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        Assert.Equal(code, (await FailureAsync(AddressOf(server), TimeSpan.FromSeconds(20))).Failure.Code);
        await answer;
    }

    private static async Task<CliException> FailureAsync(Uri server, TimeSpan? timeout = null)
    {
        using var client = new FerryClient(server, "key", timeout ?? Short);
        return await Assert.ThrowsAsync<CliException>(() => client.ListAsync(Token));
    }

    private static async Task AnswerAsync(TcpListener server, string answer)
    {
        using var connection = await server.AcceptTcpClientAsync(Token);
        var stream = connection.GetStream();
        _ = await stream.ReadAsync(new byte[4096], Token);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Token);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static Uri AddressOf(TcpListener listener) => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
}
