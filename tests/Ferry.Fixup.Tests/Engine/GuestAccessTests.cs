using System.Text;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Volumes;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Engine;

public sealed class GuestAccessTests
{
    private const string Attribute = "system.ntfs_acl";

    /// <summary>As ntfs-3g gave it back, and ntfssecaudit read it as owned by the administrators, with all rights for them and the system and none for others.</summary>
    private const string Private =
        "010004901400000024000000000000003000000001020000000000052000000020020000010100000000000512000000"
        + "020034000200000000001400FF011F0001010000000000051200000000001800FF011F0001020000000000052000000020020000";

    [Fact]
    public void Descriptor_OfAPrivateFile_IsWhatNtfs3gTakes() => Assert.Equal(Private, Convert.ToHexString(NtfsAccess.Descriptor(isFolder: false, isPrivate: true)));

    [Fact]
    public void Descriptor_OfAReadableFolder_LetsUsersReadAndIsInherited()
    {
        var descriptor = Convert.ToHexString(NtfsAccess.Descriptor(isFolder: true, isPrivate: false));

        Assert.EndsWith("0003" + "1800" + "A9001200" + "01020000000000052000000021020000", descriptor, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x1C0, true, Private)]
    [InlineData(0x1A4, false, null)]
    public async Task Apply_NewFileOnNtfs_HasRightsByItsMode(int mode, bool isFolderPrivate, string? expected)
    {
        var volume = new MemoryVolume().Folder("/Windows").Attribute("/Windows/made/new", Attribute, "everyone").Attribute("/Windows/made", Attribute, "everyone");
        await ApplyAsync(volume, new GuestEdit { Path = "/Windows/made/new", Content = new byte[] { 1 }, NewFileMode = mode, IsFolderPrivate = isFolderPrivate, Changes = [] });

        Assert.Equal(expected ?? Hex(NtfsAccess.Descriptor(isFolder: false, isPrivate: false)), Hex(volume, "/Windows/made/new"));
        Assert.Equal(Hex(NtfsAccess.Descriptor(isFolder: true, isFolderPrivate)), Hex(volume, "/Windows/made"));
    }

    [Fact]
    public async Task Apply_CopyOfAHive_HasTheRightsOfTheHive()
    {
        var volume = new MemoryVolume().File("/config/SYSTEM", "old").Attribute("/config/SYSTEM", Attribute, "secret").Attribute("/config/SYSTEM.old", Attribute, "everyone");
        await ApplyAsync(volume, new GuestEdit { Path = "/config/SYSTEM", Content = new byte[] { 1 }, Backup = "/config/SYSTEM.old", Changes = [] });

        Assert.Equal("secret", volume.Attribute("/config/SYSTEM.old", Attribute));
    }

    [Fact]
    public async Task Apply_OtherFileSystem_IsLeftAlone()
    {
        var volume = new MemoryVolume().Folder("/etc");
        await ApplyAsync(volume, new GuestEdit { Path = "/etc/new", Content = new byte[] { 1 }, NewFileMode = 0x1C0, Changes = [] });

        Assert.Null(volume.Attribute("/etc/new", Attribute));
    }

    private static Task ApplyAsync(MemoryVolume volume, GuestEdit edit) =>
        new PlanApplier(new GuestTree(volume)).ApplyAsync(new FixupPlan([new RulePlan { Rule = "r", Reason = "", Edits = [edit] }], []), activity: null, TestContext.Current.CancellationToken);

    private static string Hex(MemoryVolume volume, string path) => Hex(Encoding.Latin1.GetBytes(volume.Attribute(path, Attribute)!));

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);
}
