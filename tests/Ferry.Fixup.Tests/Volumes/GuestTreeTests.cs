using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Volumes;

public sealed class GuestTreeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/etc/os-release", "/usr/lib/os-release")]
    [InlineData("/lib/modules", "/usr/lib/modules")]
    [InlineData("/escape/etc/passwd", "/etc/passwd")]
    [InlineData("/up", "/etc/passwd")]
    [InlineData("/etc/../../../etc/./passwd", "/etc/passwd")]
    public async Task Resolve_LinksAndDots_StayInsideTheRoot(string path, string expected)
    {
        var tree = new GuestTree(new MemoryVolume().File("/usr/lib/os-release", "x").Folder("/usr/lib/modules").File("/etc/passwd", "guest")
            .Link("/etc/os-release", "../usr/lib/os-release").Link("/lib", "usr/lib").Link("/escape", "../../../..").Link("/up", "../../etc/passwd"));

        Assert.Equal(expected, await tree.ResolveAsync(path, followLast: true, Token));
    }

    [Fact]
    public async Task Resolve_LinkAtTheEndNotFollowed_IsTheLink() =>
        Assert.Equal("/a", await new GuestTree(new MemoryVolume().Link("/a", "/nowhere")).ResolveAsync("/a", followLast: false, Token));

    [Fact]
    public async Task Resolve_DanglingLink_IsNothing() =>
        Assert.Null(await new GuestTree(new MemoryVolume().Link("/a", "/nowhere")).ResolveAsync("/a", followLast: true, Token));

    [Fact]
    public async Task Resolve_Circle_Throws() =>
        await Assert.ThrowsAsync<GuestVolumeException>(() => new GuestTree(new MemoryVolume().Link("/a", "/b").Link("/b", "a")).ResolveAsync("/a", followLast: true, Token));

    [Fact]
    public async Task Resolve_LinkThatDoublesItself_IsBounded()
    {
        // Each round makes the rest of the path longer; neither time nor memory may follow.
        var volume = new MemoryVolume().Link("/x", string.Join('/', Enumerable.Repeat("x", 500)));
        await Assert.ThrowsAsync<GuestVolumeException>(() => new GuestTree(volume).ResolveAsync("/x", followLast: true, Token));
    }

    [Fact]
    public async Task Resolve_FileInTheMiddle_Throws() =>
        await Assert.ThrowsAsync<GuestVolumeException>(() => new GuestTree(new MemoryVolume().File("/a", "")).ResolveAsync("/a/b", followLast: true, Token));
}
