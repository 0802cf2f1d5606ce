using System.Net.Sockets;
using Xunit;

namespace Ferry.TestServices.Tests;

public sealed class RabbitMqServerTests
{
    private static readonly byte[] ProtocolHeader = [.. "AMQP"u8, 0, 0, 9, 1];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_TwoAtOnce_BothAnswerAndEndWithAllTheirProcesses()
    {
        Skip.If(RabbitMqServer.Missing);
        var servers = await Task.WhenAll(RabbitMqServer.StartAsync(Token), RabbitMqServer.StartAsync(Token));

        Assert.NotEqual(servers[0].Uri, servers[1].Uri);
        await AnswersAsync(servers[0]);
        await servers[0].RestartAsync(Token);
        await AnswersAsync(servers[0]);
        await AnswersAsync(servers[1]);

        int[] processes = [servers[0].ProcessId, servers[1].ProcessId];
        await servers[0].DisposeAsync();
        await servers[1].DisposeAsync();
        Assert.All(processes, id => Assert.False(Directory.Exists($"/proc/{id}")));
    }

    /// <summary>The broker's first frame after the protocol header is connection.start: a method frame (1) of class 10, method 10.</summary>
    private static async Task AnswersAsync(RabbitMqServer server)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Uri.Host, server.Uri.Port, Token);
        var stream = client.GetStream();
        await stream.WriteAsync(ProtocolHeader, Token);
        var frame = new byte[11];
        await stream.ReadExactlyAsync(frame, Token);
        Assert.Equal([1, 0, 10, 0, 10], [frame[0], .. frame[7..11]]);
    }
}
