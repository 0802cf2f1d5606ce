using System.Text;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Volumes;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Engine;

public sealed class GuestLabelsTests
{
    private const string Label = "security.selinux";
    private const string Enforcing = "# SELINUX=disabled\nSELINUX=enforcing\nSELINUXTYPE=targeted\n";

    [Fact]
    public async Task NewFile_GetsTheLabelOfThePolicy()
    {
        var volume = Guest(Enforcing).File("/etc/selinux/targeted/contexts/files/file_contexts", "/etc/net(/.*)?\tnet_conf_t\n")
            .File("/etc/net/a", "").Attribute("/etc/net/a", Label, "other_t").Attribute("/etc/net", Label, "etc_t");
        await MakeAsync(volume, "/etc/net/new");

        Assert.Equal("net_conf_t\0", volume.Attribute("/etc/net/new", Label));
        Assert.False(volume.Exists("/.autorelabel"));
    }

    [Fact]
    public async Task NewFolder_AndTheFileInIt_GetTheLabelOfTheFolderAbove()
    {
        var volume = Guest(Enforcing).Attribute("/etc", Label, "etc_t");
        await MakeAsync(volume, "/etc/made/new");

        Assert.Equal("etc_t", volume.Attribute("/etc/made", Label));
        Assert.Equal("etc_t", volume.Attribute("/etc/made/new", Label));
    }

    [Fact]
    public async Task NothingLabelled_TheGuestLabelsEverythingAtItsNextStart()
    {
        var volume = Guest(Enforcing);
        await MakeAsync(volume, "/etc/new");

        Assert.True(volume.Exists("/.autorelabel"));
    }

    [Theory]
    [InlineData("SELINUX=disabled\n")]
    [InlineData(null)]
    public async Task SelinuxOff_NothingIsLabelled(string? configuration)
    {
        var volume = Guest(configuration).Attribute("/etc", Label, "etc_t");
        await MakeAsync(volume, "/etc/new");

        Assert.Null(volume.Attribute("/etc/new", Label));
        Assert.False(volume.Exists("/.autorelabel"));
    }

    private static MemoryVolume Guest(string? configuration)
    {
        var volume = new MemoryVolume().Folder("/etc");
        return configuration is null ? volume : volume.File("/etc/selinux/config", configuration);
    }

    private static Task MakeAsync(MemoryVolume volume, string path)
    {
        var edit = new GuestEdit { Path = path, Content = Encoding.ASCII.GetBytes("x"), NewFileMode = 0x1A4, Changes = [] };
        var plan = new FixupPlan([new RulePlan { Rule = "r", Reason = "", Edits = [edit] }], []);
        return new PlanApplier(new GuestTree(volume)).ApplyAsync(plan, activity: null, TestContext.Current.CancellationToken);
    }
}
