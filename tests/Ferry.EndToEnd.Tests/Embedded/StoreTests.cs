using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Store;
using Ferry.EndToEnd.Tests.Distributed;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary><c>ferry store</c> on a server, and a server whose store is full.</summary>
public sealed class StoreTests : IAsyncDisposable
{
    private const int DiskBytes = 6 << 20;
    private readonly TempFolder folder = new("store");
    private readonly Uri address = new($"http://127.0.0.1:{FreePort.Next()}");
    private ExternalProcess? server;
    private FolderWebServer? web;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string KeyFile => Path.Combine(folder.File("data"), "api-key");

    private string Chunks => Path.Combine(folder.File("data"), "chunks");

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        if (web is not null)
        {
            await web.DisposeAsync();
        }

        folder.Dispose();
    }

    [Fact]
    public async Task StatsVerifyAndGc_AfterAConversion_SayWhatIsThere()
    {
        await StartAsync(new());
        var id = await SubmitAsync();
        Assert.Equal(0, (await AskAsync("watch", id)).ExitCode);
        var junk = WriteJunk(1 << 20, 1);

        var stats = await JsonAsync<StoreStats>(0, "store", "stats");
        Assert.True(stats.Bytes >= DiskBytes + (1 << 20), stats.ToString());
        Assert.Null(stats.LastMark);
        var dry = await JsonAsync<StoreTaskView>(0, "store", "gc", "--dry-run");
        Assert.Equal((true, 1), (dry.Collection!.DryRun, dry.Collection.CollectedChunks));
        Assert.True(File.Exists(junk));
        var collected = await JsonAsync<StoreTaskView>(0, "store", "gc");
        Assert.Equal((1, 0), (collected.Collection!.CollectedChunks, collected.Collection.Mark.GarbageChunks));
        Assert.False(File.Exists(junk));
        Assert.Equal(DiskBytes, collected.Collection.Mark.ReferencedBytes);
        Assert.Contains("disks need", (await AskAsync("store", "gc")).Output, StringComparison.Ordinal);
        Assert.Contains("by dedupe and compression", (await AskAsync("store", "stats")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await JsonAsync<StoreTaskView>(0, "store", "verify")).Verification!.CorruptChunks);

        var bad = new DirectoryInfo(Path.Combine(Chunks, "chunks")).EnumerateFiles("*", SearchOption.AllDirectories).MaxBy(file => file.Length)!;
        Damage(bad);
        var verified = await AskAsync("store", "verify");
        Assert.Equal(5, verified.ExitCode);
        Assert.Contains(bad.Name, verified.Output, StringComparison.Ordinal);
        Assert.StartsWith("error[CHUNK_CORRUPT]: ", verified.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await JsonAsync<StoreStats>(0, "store", "stats")).CorruptChunks);
    }

    [Fact]
    public async Task QuotaIsUsedUp_TheConversionWaits_AndGoesOnWhenGarbageIsCollected()
    {
        for (var i = 0; i < 10; i++)
        {
            WriteJunk(1 << 20, 100 + i);
        }

        await StartAsync(new() { ["Ferry__Chunks__QuotaBytes"] = $"{12 << 20}" });
        var id = await SubmitAsync();

        await WaitsForSpaceAsync(id);
        Assert.Equal(10, (await JsonAsync<StoreTaskView>(0, "store", "gc")).Collection!.CollectedChunks);

        Assert.Equal(0, (await AskAsync("watch", id)).ExitCode);
    }

    [Fact]
    public async Task DiskIsFull_TheConversionWaits_AndGoesOnWhenThereIsRoom()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a small file system.");
        Directory.CreateDirectory(Chunks);
        await Commands.ToolAsync("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", Chunks);
        try
        {
            var ballast = Path.Combine(Chunks, "ballast");
            await File.WriteAllBytesAsync(ballast, new byte[10 << 20], Token);
            await StartAsync(new() { ["Ferry__Chunks__ReserveBytes"] = "0" });
            var id = await SubmitAsync();

            await WaitsForSpaceAsync(id);
            File.Delete(ballast);

            Assert.Equal(0, (await AskAsync("watch", id)).ExitCode);
        }
        finally
        {
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
            server = null;
            await Commands.ToolAsync("umount", Chunks);
        }
    }

    [Fact]
    public async Task ChunkIsDamagedInTheStore_IsFetchedAgain_AndTheConversionCompletes()
    {
        await StartAsync(new());
        var id = await SubmitAsync();
        var chunks = new DirectoryInfo(Path.Combine(Chunks, "chunks"));
        FileInfo? damaged = null;
        for (var i = 0; i < 20_000 && damaged is null; i++)
        {
            // The first chunk of the disk that appears: the rest is still on its way, the conversion has not begun.
            damaged = chunks.EnumerateFiles("*", SearchOption.AllDirectories).FirstOrDefault(file => file.Length > 1 << 20);
            await Task.Delay(1, Token);
        }

        Damage(damaged!);
        var watched = await AskAsync("watch", id);

        Assert.True(watched.ExitCode == 0, watched.ToString());
        using var client = Client();
        var view = await client.GetFromJsonAsync<ConversionView>($"/api/v1/conversions/{id}", DocumentJson.Options, Token);
        Assert.Contains(view!.Findings, finding => finding.Id == "STORE_CHUNKS_LOST");
        Assert.Equal(2, view.Steps.Count(step => step.Step == "transfer"));
        Assert.Equal(1 << 20, view.Steps.Last(step => step.Step == "transfer").Bytes!.Read);
        Assert.Equal(1, (await JsonAsync<StoreStats>(0, "store", "stats")).CorruptChunks);
    }

    [Fact]
    public async Task CollectionIsKilled_TheNextProcessBeginsItAgain()
    {
        await StartAsync(new() { ["FERRY_FAULT_POINT"] = "gc.marked", ["Ferry__Collection__Lease"] = "00:00:01" });
        var id = await SubmitAsync();
        Assert.Equal(0, (await AskAsync("watch", id)).ExitCode);
        var junk = WriteJunk(1 << 20, 100);
        await AskAsync("store", "gc");
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50)))
        {
            while (!server!.HasExited && await timer.WaitForNextTickAsync(Token))
            {
            }
        }

        Assert.True(File.Exists(junk));
        await server.DisposeAsync();
        await ServeAsync(new() { ["Ferry__Collection__Lease"] = "00:00:01" });

        var again = await JsonAsync<StoreTaskView>(0, "store", "gc");
        Assert.Equal(("Done", 0), (again.State, again.Collection!.Mark.GarbageChunks));
        Assert.False(File.Exists(junk));
        Assert.Equal(0, (await JsonAsync<StoreTaskView>(0, "store", "verify")).Verification!.CorruptChunks);
    }

    private static void Damage(FileInfo chunk)
    {
        using var file = chunk.Open(FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.Position = file.Length / 2;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }

    private async Task StartAsync(Dictionary<string, string?> settings)
    {
        Assert.SkipUnless(File.Exists(FerryRepository.Program), "ferry is not built: ./ferry --version");
        Directory.CreateDirectory(folder.File("web"));
        var bytes = new byte[DiskBytes];
        new Random(7).NextBytes(bytes);
        await File.WriteAllBytesAsync(Path.Combine(folder.File("web"), "disk.img"), bytes, Token);
        web = await FolderWebServer.StartAsync(folder.File("web"));
        await ServeAsync(settings);
    }

    private async Task ServeAsync(Dictionary<string, string?> settings)
    {
        settings["Ferry__Jobs__WaitRetrySeconds"] = "0.5";
        server = await ExternalProcess.StartAsync(
            FerryRepository.Program, ["serve", "--urls", address.AbsoluteUri.TrimEnd('/'), "--data", folder.File("data")], settings);
        await server.WaitForOutputAsync("ferry serves on", TimeSpan.FromSeconds(60), Token);
    }

    /// <summary>A chunk that no manifest needs and nobody used for two days.</summary>
    private string WriteJunk(int length, int seed)
    {
        var content = new byte[16 + length];
        "FCK1"u8.CopyTo(content);
        BitConverter.TryWriteBytes(content.AsSpan(8), length);
        BitConverter.TryWriteBytes(content.AsSpan(12), length);
        new Random(seed).NextBytes(content.AsSpan(16));
        var name = Convert.ToHexStringLower(SHA256.HashData(content.AsSpan(16)));
        var path = Path.Combine(Chunks, "chunks", name[..2], name[2..4], name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));
        return path;
    }

    private async Task<string> SubmitAsync()
    {
        using var client = Client();
        var request = new ConversionRequest { Source = web!.Url("disk.img"), SourceFormat = "raw", Target = "hyperv", Output = folder.File("out"), Fixup = false };
        var response = await client.PostAsJsonAsync("/api/v1/conversions", request, DocumentJson.Options, Token);
        return (await response.Content.ReadFromJsonAsync<ConversionView>(DocumentJson.Options, Token))!.Id.ToString();
    }

    private async Task WaitsForSpaceAsync(string id)
    {
        using var client = Client();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        ConversionView? view = null;
        for (var i = 0; i < 600 && view?.WaitingFor?.Reason != "space"; i++)
        {
            await timer.WaitForNextTickAsync(Token);
            view = await client.GetFromJsonAsync<ConversionView>($"/api/v1/conversions/{id}", DocumentJson.Options, Token);
            Assert.False(view!.Ended, $"It did not wait: {view.State} {view.Failure}");
        }

        Assert.Equal(("Transferring", "space"), (view!.State, view.WaitingFor?.Reason));
    }

    private HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("X-Api-Key", File.ReadAllText(KeyFile).Trim());
        return client;
    }

    private async Task<T> JsonAsync<T>(int exitCode, params string[] arguments)
    {
        var result = await AskAsync([.. arguments, "--json"]);
        Assert.True(result.ExitCode == exitCode, result.ToString());
        return JsonSerializer.Deserialize<T>(result.Output, DocumentJson.Options)!;
    }

    private Task<CommandResult> AskAsync(params string[] arguments) =>
        Commands.FerryAsync([.. arguments, "--server", address.AbsoluteUri, "--api-key-file", KeyFile]);
}
