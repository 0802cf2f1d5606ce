using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhdx;

/// <summary>Which parent a differencing image takes, and what is said when it cannot be had.</summary>
public sealed class VhdxParentTests : IDisposable
{
    private const int MiB = VhdxFileBuilder.MiB;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("relative_path", @".\base.vhdx")]
    [InlineData("relative_path", "base.vhdx")]
    [InlineData("relative_path", @"..\..\elsewhere\base.vhdx")]
    [InlineData("volume_path", @"\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\machines\base.vhdx")]
    [InlineData("absolute_win32_path", @"\\?\D:\machines\base.vhdx")]
    public async Task Open_ParentByAnyPath_IsTakenFromBesideTheImage(string key, string path)
    {
        var parent = new VhdxFileBuilder { Capacity = 4 * MiB };
        parent.Save(_folder["base.vhdx"], parent.PayloadOffset);
        SaveEmptyChild(new Dictionary<string, string> { ["parent_linkage"] = parent.DataWriteId.ToString("B"), [key] = path });

        await using var reader = await Images.OpenAsync(_folder["a.avhdx"]);

        Assert.Equal(["a.avhdx", "base.vhdx"], reader.Info.Files);
        Assert.Equal(path, reader.Info.Properties["parent"]);
    }

    [Fact]
    public async Task Open_RelativePathThatIsStale_FallsBackToTheOthers()
    {
        var parent = new VhdxFileBuilder { Capacity = 4 * MiB };
        parent.Save(_folder["base.vhdx"], parent.PayloadOffset);
        SaveEmptyChild(new Dictionary<string, string>
        {
            ["relative_path"] = @".\old.vhdx",
            ["absolute_win32_path"] = @"\\?\D:\machines\base.vhdx",
            ["parent_linkage"] = Guid.NewGuid().ToString("B"),
            ["parent_linkage2"] = parent.DataWriteId.ToString("B").ToUpperInvariant(),
        });

        await using var reader = await Images.OpenAsync(_folder["a.avhdx"]);

        Assert.Equal("base.vhdx", reader.Info.Files[1]);
    }

    [Fact]
    public async Task Open_WithoutItsParent_NamesIt()
    {
        SaveEmptyChild(Locator(@".\base.vhdx", Guid.NewGuid()));

        var e = await Images.FailsAsync(DiskImageErrors.MissingFile, () => Images.OpenAsync(_folder["a.avhdx"]));

        Assert.Contains(@".\base.vhdx", e.Message, StringComparison.Ordinal);
        Assert.Equal("a.avhdx", e.File);
    }

    [Fact]
    public async Task Open_GrandparentMissing_NamesThatOne()
    {
        var mid = new VhdxFileBuilder { Capacity = 4 * MiB, Parent = Locator("oldest.vhdx", Guid.NewGuid()) };
        mid.Save(_folder["mid.avhdx"], mid.PayloadOffset);
        SaveEmptyChild(Locator("mid.avhdx", mid.DataWriteId));

        var e = await Images.FailsAsync(DiskImageErrors.MissingFile, () => Images.OpenAsync(_folder["a.avhdx"]));

        Assert.Contains("oldest.vhdx", e.Message, StringComparison.Ordinal);
        Assert.Equal("mid.avhdx", e.File);
    }

    [Fact]
    public async Task Open_ParentThatChangedOrHasOtherSectors_IsRefused()
    {
        var parent = new VhdxFileBuilder { Capacity = 4 * MiB };
        parent.Save(_folder["base.vhdx"], parent.PayloadOffset);
        SaveEmptyChild(Locator("base.vhdx", Guid.NewGuid()));
        var e = await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(_folder["a.avhdx"]));
        Assert.Contains("not the parent", e.Message, StringComparison.Ordinal);

        var coarse = new VhdxFileBuilder { Capacity = 4 * MiB, SectorSize = 4096 };
        coarse.Save(_folder["base.vhdx"], coarse.PayloadOffset);
        SaveEmptyChild(Locator("base.vhdx", coarse.DataWriteId));
        await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(_folder["a.avhdx"]));
    }

    [Fact]
    public async Task Open_LocatorThatIsWrong_IsRefused()
    {
        var unknown = new VhdxFileBuilder { Capacity = 4 * MiB, Parent = Locator("base.vhdx", Guid.NewGuid()), LocatorType = Guid.NewGuid() };
        unknown.Save(_folder["a.avhdx"], unknown.PayloadOffset);
        await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, () => Images.OpenAsync(_folder["a.avhdx"]));

        var many = new VhdxFileBuilder { Capacity = 4 * MiB, Parent = Enumerable.Range(0, 3000).ToDictionary(i => $"key{i}", _ => "value") };
        many.Save(_folder["a.avhdx"], many.PayloadOffset);
        await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(_folder["a.avhdx"]));
    }

    private static Dictionary<string, string> Locator(string relativePath, Guid linkage) =>
        new() { ["parent_linkage"] = linkage.ToString("B"), ["relative_path"] = relativePath };

    private void SaveEmptyChild(Dictionary<string, string> locator)
    {
        var child = new VhdxFileBuilder { Capacity = 4 * MiB, Parent = locator };
        child.Save(_folder["a.avhdx"], child.PayloadOffset);
    }
}
