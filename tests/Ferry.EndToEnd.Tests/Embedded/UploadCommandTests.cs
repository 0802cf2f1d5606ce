using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary><c>ferry transfer upload</c> against a running <c>ferry serve</c>: interrupted, killed and repeated.</summary>
public sealed class UploadCommandTests : IAsyncLifetime
{
    private const int Chunk = 1 << 20;
    private const int Chunks = 24;
    private readonly TempFolder folder = new("upload");
    private readonly Uri address = new($"http://127.0.0.1:{FreePort.Next()}");
    private ExternalProcess? server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string KeyFile => Path.Combine(folder.File("data"), "api-key");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists(FerryRepository.Program), "ferry is not built: ./ferry --version");
        await StartServerAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        folder.Dispose();
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task Image_IsUploaded_InterruptedAndWithAKilledServer_NothingTwice()
    {
        var image = await ImageAsync("disk.raw", 31);
        await SetRateAsync("4 MiB/s");
        var interrupted = await Commands.InterruptedFerryAsync(() => StoredFiles() > 6, Upload(image));
        Assert.Equal(6, interrupted.ExitCode);
        Assert.StartsWith("error[CANCELLED]: ", interrupted.Errors.Split('\n')[^2], StringComparison.Ordinal);
        var first = StoredFiles();

        var running = Commands.FerryAsync(Upload(image));
        using (var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
        {
            while (StoredFiles() < first + 5 && !running.IsCompleted)
            {
                await look.WaitForNextTickAsync(Token);
            }
        }

        Assert.False(running.IsCompleted, "The upload was over before the server could be killed: nothing was tested.");
        await server!.DisposeAsync();
        var before = StoredFiles();
        await StartServerAsync();
        await AskAsync("limits", "set", "--global", "--none");
        var done = await running;

        Assert.True(done.ExitCode == 0, done.ToString());
        var outcome = JsonDocument.Parse(done.Output).RootElement;
        var id = outcome.GetProperty("id").GetString()!;
        Assert.Contains(id, interrupted.Errors, StringComparison.Ordinal);
        var job = await JobAsync(id);
        Assert.Equal((TransferJobState.Transferred, outcome.GetProperty("manifest").GetString()), (job.State, job.Files[0].Manifest));
        Assert.InRange(job.Counters.BytesResent, 0, 8 * Chunk);
        Assert.InRange(outcome.GetProperty("bytesDeduplicated").GetInt64(), (first - 6L) * Chunk, before * (long)Chunk);
        Assert.Equal(await DigestAsync(image), outcome.GetProperty("digest").GetString());

        var again = JsonDocument.Parse((await AskAsync(Upload(image, connected: false))).Output).RootElement;
        Assert.Equal((id, 0L), (again.GetProperty("id").GetString(), again.GetProperty("bytesMoved").GetInt64()));
        Assert.Equal(0, (await AskAsync("transfer", "acknowledge", id)).ExitCode);
        var next = JsonDocument.Parse((await AskAsync(Upload(image, connected: false))).Output).RootElement;
        Assert.NotEqual(id, next.GetProperty("id").GetString());
        Assert.Equal(0, next.GetProperty("bytesMoved").GetInt64());
    }

    private string[] Upload(string image, bool connected = true) =>
        ["transfer", "upload", image, "-f", "raw", "--json", .. connected ? new[] { "--server", address.AbsoluteUri, "--api-key-file", KeyFile } : []];

    // As docs/formats/manifest.md defines it.
    private static async Task<string> DigestAsync(string image)
    {
        var content = await File.ReadAllBytesAsync(image, Token);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var prefix = new byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(prefix.AsSpan(8), Chunk);
        hash.AppendData(prefix);
        for (var offset = 0; offset < content.Length; offset += Chunk)
        {
            hash.AppendData(SHA256.HashData(content.AsSpan(offset, Chunk)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private int StoredFiles() => Directory.Exists(Path.Combine(folder.File("data"), "chunks", "chunks"))
        ? Directory.EnumerateFiles(Path.Combine(folder.File("data"), "chunks", "chunks"), "*", SearchOption.AllDirectories).Count()
        : 0;

    private async Task<string> ImageAsync(string name, int seed)
    {
        var content = new byte[Chunks * Chunk];
        new Random(seed).NextBytes(content);
        content.AsSpan(5 * Chunk, 3 * Chunk).Clear();
        await File.WriteAllBytesAsync(folder.File(name), content, Token);
        return folder.File(name);
    }

    private async Task SetRateAsync(string rate)
    {
        var set = await AskAsync("limits", "set", "--global", "--rule", rate);
        Assert.True(set.ExitCode == 0, set.ToString());
    }

    private async Task StartServerAsync()
    {
        server = await ExternalProcess.StartAsync(FerryRepository.Program, ["serve", "--urls", address.AbsoluteUri.TrimEnd('/'), "--data", folder.File("data")]);
        await server.WaitForOutputAsync("ferry serves on", TimeSpan.FromSeconds(60), Token);
    }

    private async Task<TransferJobView> JobAsync(string id) =>
        JsonSerializer.Deserialize<TransferJobView>((await AskAsync("transfer", "get", id, "--json")).Output, DocumentJson.Options)!;

    private Task<CommandResult> AskAsync(params string[] arguments) => Commands.FerryAsync([.. arguments, "--server", address.AbsoluteUri, "--api-key-file", KeyFile]);
}
