using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Conversion.Reports;
using Ferry.Testing;

namespace Ferry.Conversion.Tests.Reports;

/// <summary>The rehearsal's screen comes from the chunk store into the report.</summary>
public sealed class RehearsalScreenTests : IDisposable
{
    private static readonly byte[] picture = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];
    private readonly TemporaryFolder folder = new();
    private readonly FolderChunkStore chunks;
    private readonly ManifestStore manifests;

    public RehearsalScreenTests() => manifests = new ManifestStore(chunks = new FolderChunkStore(folder.At("chunks")));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        chunks.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Report_WithAScreen_HasThePictureBesideItAndInThePage()
    {
        var output = Directory.CreateDirectory(folder.At("out")).FullName;
        var command = new WriteReport { ConversionId = Guid.NewGuid(), Attempt = 1, Output = output, Report = Of(await StoreAsync(picture), picture.Length) };

        await new WriteReportHandler(manifests).RunAsync(new FakeJobContext<WriteReport>(command.ConversionId, command), Token);

        Assert.Equal(["rehearsal.png", "report.html", "report.json"], Directory.EnumerateFileSystemEntries(output).Select(Path.GetFileName).Order());
        Assert.Equal(picture, await File.ReadAllBytesAsync(Path.Combine(output, "rehearsal.png"), Token));
        var page = await File.ReadAllTextAsync(Path.Combine(output, "report.html"), Token);
        Assert.Contains("data:image/png;base64," + Convert.ToBase64String(picture), page, StringComparison.Ordinal);
        Assert.Contains("class=\"panicked\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Screen_ThatIsGoneOrNoPicture_IsLeftOut()
    {
        Assert.Null(await RehearsalScreen.ReadAsync(Of(null, 0).Rehearsal, manifests, Token));
        Assert.Null(await RehearsalScreen.ReadAsync(Of(new string('0', 64), 11).Rehearsal, manifests, Token));
        Assert.Null(await RehearsalScreen.ReadAsync(Of(await StoreAsync("<svg onload=x>"u8.ToArray()), 14).Rehearsal, manifests, Token));
        Assert.Null(await RehearsalScreen.ReadAsync(Of(await StoreAsync(picture), 5000).Rehearsal, manifests, Token));
        Assert.Null(await RehearsalScreen.ReadAsync(Of(await StoreAsync(picture), int.MaxValue).Rehearsal, manifests, Token));
    }

    private static ConversionReport Of(string? manifest, int bytes) => new()
    {
        Id = Guid.NewGuid(), Outcome = "Completed", Request = new ConversionRequest { Source = "a", Target = "kvm", Output = "b" }, StartedAt = DateTimeOffset.UnixEpoch, EndedAt = DateTimeOffset.UnixEpoch,
        Steps = [], Disks = [], Findings = [], Residue = [],
        Rehearsal = new RehearsalReport
        {
            Verdict = "panicked", Quote = "no", Seconds = 1, Acceleration = "tcg", Machine = "q35", Differences = [], FailedUnits = [], SerialLines = ["x"], ScreenManifest = manifest, ScreenBytes = bytes,
        },
    };

    private async Task<string> StoreAsync(byte[] file)
    {
        var disk = new byte[512];
        file.CopyTo(disk, 0);
        var (id, _) = await chunks.PutAsync(disk, Token);
        using var writer = manifests.CreateWriter(disk.Length, ManifestHeader.DefaultChunkSize, 512, null);
        await writer.AppendAsync(new ManifestEntry(ChunkState.Stored, id), Token);
        return (await writer.CompleteAsync(Token)).ToString();
    }
}
