using System.Text.Json;
using Ferry.Contracts.Transfer;
using Ferry.EndToEnd.Tests.Distributed;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary><c>ferry transfer</c> and <c>ferry limits</c> against a running <c>ferry serve</c> and a plain web server.</summary>
public sealed class TransferCommandTests : IAsyncLifetime
{
    private readonly TempFolder folder = new("transfers");
    private readonly byte[] content = new byte[5 << 20];
    private FolderWebServer web = null!;
    private FerryServer server = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        new Random(11).NextBytes(content);
        Directory.CreateDirectory(folder.File("web"));
        await File.WriteAllBytesAsync(folder.File("web/disk.raw"), content);
        web = await FolderWebServer.StartAsync(folder.File("web"));
        server = await FerryServer.StartAsync(folder.File("data"), new Dictionary<string, string?> { ["Ferry__Library__Folder"] = Directory.CreateDirectory(folder.File("library")).FullName });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        await web.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Job_IsMade_Resumed_Listed_AndAcknowledged()
    {
        var made = await JobAsync("transfer", "create", web.Url("disk.raw"), "--to", "incoming", "--suspended", "--owner", "operations", "--priority", "low", "--json");
        Assert.Equal((TransferJobState.Suspended, "operations", TransferPriority.Low), (made.State, made.Owner, made.Priority));
        var id = made.Id.ToString();
        Assert.Equal(TransferPriority.High, (await JobAsync("transfer", "priority", id, "high", "--json")).Priority);
        Assert.Empty(web.Served);

        await JobAsync("transfer", "resume", id, "--json");
        var arrived = await WaitAsync(id, TransferJobState.Transferred);
        Assert.Equal((content.Length, content.Length, 0L, 1), (arrived.Counters.BytesMoved, arrived.Counters.BytesTotal, arrived.Counters.BytesResent, arrived.Counters.FilesDone));
        Assert.Equal(content, await File.ReadAllBytesAsync(folder.File("library/incoming/disk.raw"), TestContext.Current.CancellationToken));

        var page = JsonSerializer.Deserialize<TransferJobPage>((await DoneAsync("transfer", "list", "--state", "transferred", "--json")).Output, DocumentJson.Options)!;
        Assert.Contains(page.Transfers, job => job.Id == made.Id);
        Assert.Contains("Transferred", (await DoneAsync("transfer", "get", id)).Output, StringComparison.Ordinal);
        Assert.Equal(TransferJobState.Acknowledged, (await JobAsync("transfer", "acknowledge", id, "--json")).State);

        var late = await server.AskAsync("transfer", "suspend", id);
        Assert.Equal(5, late.ExitCode);
        Assert.StartsWith("error[TRANSFER_WRONG_STATE]: ", late.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limit_IsSet_Holds_AndIsTakenAway()
    {
        await DoneAsync("limits", "set", "--link", "wan", "--via", "127.0.0.1", "--rule", "never", "--time-zone", "Europe/Berlin");
        Assert.Contains("wan", (await DoneAsync("limits", "show")).Output, StringComparison.Ordinal);
        var job = await JobAsync("transfer", "create", web.Url("disk.raw"), "--json");
        var id = job.Id.ToString();
        var parked = await WaitAsync(id, view => view.WaitingFor is { Reason: "bandwidth-window" });
        Assert.Equal(0, parked.Counters.BytesMoved);

        await DoneAsync("limits", "set", "--link", "wan", "--none");
        await WaitAsync(id, TransferJobState.Transferred);
        Assert.Equal(TransferJobState.Cancelled, (await JobAsync("transfer", "cancel", id, "--json")).State);

        var wrong = await server.AskAsync("limits", "set", "--global", "--rule", "fast on Fridays");
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("fast on Fridays", wrong.Errors, StringComparison.Ordinal);
    }

    private async Task<CommandResult> DoneAsync(params string[] arguments)
    {
        var result = await server.AskAsync(arguments);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private async Task<TransferJobView> JobAsync(params string[] arguments) => JsonSerializer.Deserialize<TransferJobView>((await DoneAsync(arguments)).Output, DocumentJson.Options)!;

    private Task<TransferJobView> WaitAsync(string id, TransferJobState state) => WaitAsync(id, job => job.State == state);

    private async Task<TransferJobView> WaitAsync(string id, Func<TransferJobView, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var job = await JobAsync("transfer", "get", id, "--json");
            if (condition(job))
            {
                return job;
            }

            Assert.True(job.State != TransferJobState.Error, job.Failure?.ToString());
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
