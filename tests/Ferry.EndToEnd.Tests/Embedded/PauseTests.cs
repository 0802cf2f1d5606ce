using System.Net.Http.Json;
using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.EndToEnd.Tests.Distributed;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary><c>ferry pause</c> and <c>ferry resume</c> at a conversion of <c>ferry serve</c> that is in the middle of its work.</summary>
[Trait("Tier", "all")]
public sealed class PauseTests : IAsyncLifetime
{
    private static readonly TimeSpan Effect = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    private readonly TempFolder folder = new("pause");
    private FerryServer server = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        server = await FerryServer.StartAsync(
            folder.File("data"), new Dictionary<string, string?> { ["Ferry__Transfer__MaxSliceChunks"] = "4", ["Ferry__Transfer__Connections"] = "2" });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Transfer_StopsWithinTwoSeconds_SaysWhoMustAct_AndGoesOnBehindWhatItHas()
    {
        await using var web = await FolderWebServer.StartAsync(Path.GetDirectoryName(FerryRepository.SampleVm)!);
        web.Delay = TimeSpan.FromMilliseconds(300);
        var id = await SubmitAsync(web.Url("debian-sample.vmx"));
        await UntilAsync(id, view => view.State == "Transferring" && view.Progress.Sum(disk => disk.BytesDone) > 0);

        Assert.Equal(0, (await server.AskAsync("pause", id)).ExitCode);
        using (var timer = new PeriodicTimer(Effect))
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        var served = web.Served.Count;
        var paused = await UntilAsync(id, view => view.State == "Paused");
        Assert.Equal("paused", paused.WaitingFor!.Reason);
        Assert.Contains($"ferry resume {id}", (await server.AskAsync("status", id)).Output, StringComparison.Ordinal);
        Assert.Contains("Paused", (await server.AskAsync("list")).Output, StringComparison.Ordinal);
        using (var timer = new PeriodicTimer(Quiet))
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(served, web.Served.Count);
        web.Delay = TimeSpan.Zero;
        var resumed = await server.AskAsync("resume", id, "--json");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal("resume", JsonDocument.Parse(resumed.Output).RootElement.GetProperty("asked").GetString());
        var ended = await UntilAsync(id, view => view.Ended);

        Assert.True(ended.State == "Completed", $"{ended.Failure}");
        Assert.Equal("clean", ended.Ending);
        var twice = ServedRange.Overlap(web.Served.Take(served), web.Served.Skip(served));
        Assert.True(twice <= (2 * 4L << 20) + (4 << 20), $"{twice} bytes were asked for twice");
        Assert.Contains("ended clean", (await server.AskAsync("status", id)).Output, StringComparison.Ordinal);
        Assert.Contains("clean: nothing is left", (await server.AskAsync("residue")).Output, StringComparison.Ordinal);
        Assert.Contains("\"deadLetters\": []", (await server.AskAsync("dead-letters", "list", "--json")).Output, StringComparison.Ordinal);
        Assert.Contains("error[DEAD_LETTER_UNKNOWN]: ", (await server.AskAsync("dead-letters", "show", "none")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fixup_StopsItsAppliance_AndStartsItAnew()
    {
        var id = await SubmitAsync(FerryRepository.SampleVm, fixup: true);
        await UntilAsync(id, view => view.State == "FixingUp" && Appliances > 0);

        Assert.Equal(0, (await server.AskAsync("pause", id)).ExitCode);
        using (var timer = new PeriodicTimer(Effect))
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, Appliances);
        Assert.Contains("appliance is stopped", (await UntilAsync(id, view => view.State == "Paused")).WaitingFor!.Detail, StringComparison.Ordinal);
        await server.AskAsync("resume", id);
        var ended = await UntilAsync(id, view => view.Ended);

        Assert.True(ended.State == "Completed", $"{ended.Failure}");
        Assert.Equal(2, ended.Steps.Single(step => step.Step == "fixup").Epoch);
    }

    // Guest workers of this server: its children's children that run qemu.
    private int Appliances => System.Diagnostics.Process.GetProcessesByName("qemu-system-x86_64").Count(process => Ancestors(process.Id).Contains(server.ProcessId));

    private static IEnumerable<int> Ancestors(int process)
    {
        while (process > 1 && Parent(process) is { } parent)
        {
            yield return parent;
            process = parent;
        }
    }

    private static int? Parent(int process)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // It has ended since it was listed.
        }
    }

    private async Task<string> SubmitAsync(string source, bool fixup = false)
    {
        using var client = server.Client();
        var request = new ConversionRequest { Source = source, Target = "hyperv", Output = folder.File("out"), Fixup = fixup };
        var response = await client.PostAsJsonAsync("/api/v1/conversions", request, DocumentJson.Options, TestContext.Current.CancellationToken);
        return (await response.Content.ReadFromJsonAsync<ConversionView>(DocumentJson.Options, TestContext.Current.CancellationToken))!.Id.ToString();
    }

    private async Task<ConversionView> UntilAsync(string id, Func<ConversionView, bool> condition)
    {
        using var client = server.Client();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var view = (await client.GetFromJsonAsync<ConversionView>($"/api/v1/conversions/{id}", DocumentJson.Options, limit.Token))!;
            if (condition(view))
            {
                return view;
            }

            Assert.False(view.Ended, $"{view.State}: {view.Failure}");
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
