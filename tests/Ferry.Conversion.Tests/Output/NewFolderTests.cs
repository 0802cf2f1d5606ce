using Ferry.Conversion.Output;
using Ferry.Hosting.Ledger;
using Ferry.Testing;

namespace Ferry.Conversion.Tests.Output;

public sealed class NewFolderTests
{
    [Fact]
    public void Missing_NamesOnlyWhatIsNotThere_TheOutermostFirst()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("a"));

        Assert.Equal([folder.At("a", "b"), folder.At("a", "b", "c")], NewFolder.Missing(folder.At("a", "b", "c") + "/"));
        Assert.Empty(NewFolder.Missing(folder.At("a")));
    }

    [Fact]
    public async Task Release_EmptyFolder_RemovesIt_AndTwiceIsOnce()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("a", "b"));

        await ReleaseAsync(folder.At("a", "b"));
        await ReleaseAsync(folder.At("a", "b"));

        Assert.True(Directory.Exists(folder.At("a")));
        Assert.False(Directory.Exists(folder.At("a", "b")));
    }

    [Fact]
    public async Task Release_FolderWithAFile_KeepsIt()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("a"));
        await File.WriteAllTextAsync(folder.At("a", "mine"), "x", TestContext.Current.CancellationToken);

        await ReleaseAsync(folder.At("a"));

        Assert.True(File.Exists(folder.At("a", "mine")));
    }

    private static Task ReleaseAsync(string place) => new NewFolderReleaser().ReleaseAsync(
        new ResourceDocument { Id = "1", ConversionId = Guid.NewGuid(), Kind = NewFolder.Kind, Place = place, RecordedAt = DateTimeOffset.UnixEpoch },
        TestContext.Current.CancellationToken);
}
