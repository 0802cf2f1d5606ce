using Ferry.Conversion.Output;
using Ferry.Conversion.Publishing;
using Ferry.Hosting.Ledger;
using Ferry.Testing;

namespace Ferry.Conversion.Tests.Publishing;

public sealed class PublishedFileReleaserTests : IDisposable
{
    private static readonly Guid id = Guid.Parse("6f1d2c3b-0000-4000-8000-000000000005");
    private readonly TemporaryFolder folder = new();

    private string Place => folder.At("out", "web01-disk0.vhdx");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Release_FileThatWasMoved_RemovesIt_AndTwiceIsOnce()
    {
        Write(Place);

        await ReleaseAsync();
        await ReleaseAsync();

        Assert.False(File.Exists(Place));
    }

    [Fact]
    public async Task Release_FileThatIsStillStaged_LeavesWhatIsAtItsPlace()
    {
        Write(Path.Combine(StagingFolder.PathOf(folder.At("out"), id), "web01-disk0.vhdx"));
        Write(Place);

        await ReleaseAsync();

        Assert.True(File.Exists(Place));
    }

    [Fact]
    public async Task Release_FolderIsGone_IsDone() => await ReleaseAsync();

    private static void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "image");
    }

    private async Task ReleaseAsync() => await new PublishedFileReleaser().ReleaseAsync(
        new ResourceDocument { Id = "x", ConversionId = id, Kind = PublishedFile.Kind, Place = Place, RecordedAt = DateTimeOffset.UnixEpoch },
        TestContext.Current.CancellationToken);
}
