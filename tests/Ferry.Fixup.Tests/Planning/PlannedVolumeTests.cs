using System.Text;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Volumes;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Planning;

public sealed class PlannedVolumeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Edits_AreSeenThroughTheTree_AndTheVolumeStaysAsItWas()
    {
        var volume = new MemoryVolume().File("/etc/a", "old").File("/etc/b", "gone").Folder("/usr/lib/real").Link("/etc/linked", "../usr/lib/real");
        var planned = new PlannedVolume(volume);
        var tree = new GuestTree(planned);
        await planned.AddAsync(new GuestEdit { Path = "/etc/a", Content = Encoding.ASCII.GetBytes("newer"), Changes = [] }, Token);
        await planned.AddAsync(new GuestEdit { Path = "/etc/b", Action = GuestEditAction.Remove, Changes = [] }, Token);
        await planned.AddAsync(new GuestEdit { Path = "/etc/deep/er/c", Content = Encoding.ASCII.GetBytes("c"), NewFileMode = 0x180, Changes = [] }, Token);
        await planned.AddAsync(new GuestEdit { Path = "/etc/linked/d", Action = GuestEditAction.Link, LinkTarget = "/etc/a", Changes = [] }, Token);

        Assert.Equal("newer", await tree.ReadTextAsync("/etc/a", Token));
        Assert.Equal(5, (await planned.StatAsync("/etc/a", Token))!.Value.Size);
        Assert.Null(await tree.ReadTextAsync("/etc/b", Token));
        Assert.Equal("c", await tree.ReadTextAsync("/etc/deep/er/c", Token));
        Assert.Equal(["c"], await tree.ListAsync("/etc/deep/er", Token));
        Assert.Equal(["a", "deep", "linked"], await tree.ListAsync("/etc", Token));
        Assert.Equal("newer", await tree.ReadTextAsync("/usr/lib/real/d", Token));
        Assert.Equal("old", volume.Text("/etc/a"));
        Assert.True(volume.Exists("/etc/b"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => planned.RemoveAsync("/etc/a", Token));
    }

    [Fact]
    public async Task Add_SamePathTwice_TheLastCounts()
    {
        var planned = new PlannedVolume(new MemoryVolume().Folder("/etc"));
        await planned.AddAsync(new GuestEdit { Path = "/etc/a", Content = Encoding.ASCII.GetBytes("1"), NewFileMode = 0x1A4, Changes = [] }, Token);
        await planned.AddAsync(new GuestEdit { Path = "/etc/a", Content = Encoding.ASCII.GetBytes("22"), Changes = [] }, Token);

        Assert.Equal("22", await new GuestTree(planned).ReadTextAsync("/etc/a", Token));
    }
}
