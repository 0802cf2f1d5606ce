using Ferry.Fixup.Guests.Linux.Selinux;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Linux;

/// <summary>Which label a policy gives; lines as in the targeted policy of RHEL.</summary>
public sealed class FileContextsTests
{
    private const string Policy = """
        # comment
        /.*	system_u:object_r:default_t:s0
        /etc/.*	system_u:object_r:etc_t:s0
        /etc/shadow.*	--	system_u:object_r:shadow_t:s0
        /usr/(.*/)?lib(/.*)?	system_u:object_r:lib_t:s0
        /usr/lib/systemd/system(/.*)?	system_u:object_r:systemd_unit_file_t:s0
        /etc/systemd/system(/.*)?	system_u:object_r:systemd_unit_file_t:s0
        /etc/localtime	-l	system_u:object_r:locale_t:s0
        /etc/resolv\.conf.*	--	system_u:object_r:net_conf_t:s0
        /usr/local/lib/ferry\.run	--	system_u:object_r:bin_t:s0
        /usr/local/lib/f.*	--	system_u:object_r:late_t:s0
        /a|/b	system_u:object_r:either_t:s0
        /tmp/.*	<<none>>
        /bad/(?=x).*	system_u:object_r:bad_t:s0
        """;

    [Theory]
    [InlineData("/etc/new", GuestEntryKind.File, "etc_t")]
    [InlineData("/etc/shadow", GuestEntryKind.File, "shadow_t")]
    [InlineData("/etc/shadow", GuestEntryKind.Directory, "etc_t")]
    [InlineData("/etc/systemd/system/x.service", GuestEntryKind.File, "systemd_unit_file_t")]
    [InlineData("/lib/systemd/system/x.service", GuestEntryKind.File, "systemd_unit_file_t")]
    [InlineData("/library", GuestEntryKind.File, "default_t")]
    [InlineData("/etc/localtime", GuestEntryKind.Symlink, "locale_t")]
    [InlineData("/etc/resolvXconf", GuestEntryKind.File, "etc_t")]
    [InlineData("/etc/resolv.conf.old", GuestEntryKind.File, "net_conf_t")]
    [InlineData("/usr/local/lib/ferry.run", GuestEntryKind.File, "bin_t")]
    [InlineData("/usr/local/lib/ferry", GuestEntryKind.File, "late_t")]
    [InlineData("/b", GuestEntryKind.File, "either_t")]
    [InlineData("/tmp/x", GuestEntryKind.File, null)]
    [InlineData("/bad/x", GuestEntryKind.File, "default_t")]
    [InlineData("relative", GuestEntryKind.File, null)]
    public void Path_HasTheLabelThatRestoreconWouldGiveIt(string path, GuestEntryKind kind, string? type) =>
        Assert.Equal(type is null ? null : $"system_u:object_r:{type}:s0", FileContexts.Parse(Policy, "/lib /usr/lib\n").Find(path, kind));

    [Fact]
    public void HostilePattern_CostsLittle()
    {
        var hostile = string.Concat(Enumerable.Repeat("/(a+)+(b|a+)+(.*a){20}x	t\n/((a{1000}){1000}){1000}	t\n", 50));

        Assert.Null(FileContexts.Parse(hostile, "").Find("/" + new string('a', 4000), GuestEntryKind.File));
    }
}
