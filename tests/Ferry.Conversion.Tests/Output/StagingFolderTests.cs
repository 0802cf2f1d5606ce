using Ferry.Conversion.Output;
using Ferry.Hosting.Ledger;
using Ferry.Testing;

namespace Ferry.Conversion.Tests.Output;

public sealed class StagingFolderTests
{
    private static readonly Guid id = Guid.Parse("6f1d2c3b-0000-4000-8000-000000000002");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("out")]
    [InlineData("out/.ferry")]
    [InlineData("out/.ferry/6f1d2c3b000040008000000000000003")]
    [InlineData("out/other/6f1d2c3b000040008000000000000002")]
    [InlineData("out/.ferry/../.ferry/6f1d2c3b000040008000000000000002")]
    public async Task Release_OtherPath_IsRefused(string path)
    {
        using var folder = new TemporaryFolder();
        var place = folder.At(path);
        Directory.CreateDirectory(place);

        await Assert.ThrowsAsync<IOException>(() => new StagingFolderReleaser().ReleaseAsync(Resource(place, StagingFolder.Kind), Token));

        Assert.True(Directory.Exists(place));
    }

    [Fact]
    public async Task Release_Link_IsRefusedAndItsTargetStays()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("precious", "data"));
        Directory.CreateDirectory(folder.At("out", ".ferry"));
        var place = StagingFolder.PathOf(folder.At("out"), id);
        Directory.CreateSymbolicLink(place, folder.At("precious"));

        await Assert.ThrowsAsync<IOException>(() => new StagingFolderReleaser().ReleaseAsync(Resource(place, StagingFolder.Kind), Token));

        Assert.True(Directory.Exists(folder.At("precious", "data")));
    }

    [Fact]
    public async Task Release_StagingFolder_RemovesItAndKeepsOthers()
    {
        using var folder = new TemporaryFolder();
        var place = Make(folder, id);
        var other = Make(folder, Guid.NewGuid());

        await new StagingFolderReleaser().ReleaseAsync(Resource(place, StagingFolder.Kind), Token);
        await new StagingFolderReleaser().ReleaseAsync(Resource(place, StagingFolder.Kind), Token);

        Assert.False(Directory.Exists(place));
        Assert.True(Directory.Exists(other));
    }

    private static string Make(TemporaryFolder folder, Guid conversionId)
    {
        var place = StagingFolder.PathOf(folder.At("out"), conversionId);
        Directory.CreateDirectory(place);
        File.WriteAllText(Path.Combine(place, "part.vhdx"), "x");
        return place;
    }

    private static ResourceDocument Resource(string place, string kind) =>
        new() { Id = "1", ConversionId = id, Kind = kind, Place = place, RecordedAt = DateTimeOffset.UnixEpoch };
}
