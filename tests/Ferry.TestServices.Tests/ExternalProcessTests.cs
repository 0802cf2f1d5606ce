using System.Globalization;
using Xunit;

namespace Ferry.TestServices.Tests;

public sealed class ExternalProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DisposeAsync_ProcessWithChild_BothEnd()
    {
        Skip.If(ExternalProcess.Missing);
        var shell = await ExternalProcess.StartAsync("/bin/sh", ["-c", "sleep 600 & echo child $! end; wait"]);
        await shell.WaitForOutputAsync("end", TimeSpan.FromSeconds(10), Token);
        var child = int.Parse(shell.Output.Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.True(Runs(child));

        await shell.DisposeAsync();

        for (var tries = 0; Runs(child) && tries < 100; tries++)
        {
            await Task.Delay(50, Token);
        }

        Assert.False(Runs(child));
    }

    [Fact]
    public async Task StartAsync_FromAThreadThatEnds_ProcessGoesOn()
    {
        Skip.If(ExternalProcess.Missing);
        ExternalProcess? process = null;
        var thread = new Thread(() => process = ExternalProcess.StartAsync("/bin/sleep", ["600"]).GetAwaiter().GetResult());
        thread.Start();
        thread.Join();

        await Task.Delay(300, Token);

        Assert.False(process!.HasExited);
        await process.DisposeAsync();
    }

    [Fact]
    public async Task StartAsync_ParentIsKilled_ChildIsKilled()
    {
        Skip.If(ExternalProcess.Missing);

        // The wrapper's own parent is a shell here, which is killed alone: what stands for it is the signal and not this class's tree kill.
        using var folder = new TempFolder();
        var script = $"/usr/bin/setpriv --pdeathsig KILL -- /bin/sleep 600 & echo $! > {folder.File("pid")}; until grep -q sleep /proc/$!/comm; do :; done; echo ready; kill -9 $$";
        await using var shell = await ExternalProcess.StartAsync("/bin/sh", ["-c", script]);
        await shell.WaitForOutputAsync("ready", TimeSpan.FromSeconds(10), Token);
        var child = int.Parse(await File.ReadAllTextAsync(folder.File("pid"), Token), CultureInfo.InvariantCulture);

        for (var tries = 0; Runs(child) && tries < 100; tries++)
        {
            await Task.Delay(50, Token);
        }

        Assert.False(Runs(child));
    }

    [Fact]
    public async Task WaitForOutputAsync_EndsBefore_ThrowsWithItsOutput()
    {
        Skip.If(ExternalProcess.Missing);
        await using var process = await ExternalProcess.StartAsync("/bin/sh", ["-c", "echo why it failed >&2; exit 7"]);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => process.WaitForOutputAsync("ready", TimeSpan.FromSeconds(10), Token));

        Assert.Contains("ended with 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("why it failed", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Whether a process runs; one that has ended and is not yet collected does not.</summary>
    private static bool Runs(int id)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{id}/stat");
            return status[status.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }
}
