using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.Capture.Sources.Vmware;
using Ferry.Contracts.Machines;

namespace Ferry.Capture.Tests.Sources;

/// <summary>Each sample .vmx gives what virt-v2v's own test expects of it.</summary>
public sealed partial class VmxSampleTests
{
    [Theory]
    [InlineData("test-i-vmx-2")]
    [InlineData("test-i-vmx-3")]
    [InlineData("test-i-vmx-4")]
    [InlineData("test-i-vmx-6")]
    public void Describe_Sample_SaysWhatVirtV2vSays(string name)
    {
        var vmx = Samples.Read($"libguestfs-virt-v2v/tests/{name}.vmx");
        var expected = File.ReadAllText(Samples.Path($"libguestfs-virt-v2v/tests/{name}.expected"));

        var machine = VmxMachine.Describe(VmxDocument.Parse(vmx, $"{name}.vmx"), $"{name}.vmx").Machine;

        Assert.Equal(Field(expected, "source name"), machine.Name);
        Assert.Equal(Field(expected, "memory"), string.Create(CultureInfo.InvariantCulture, $"{(long)machine.MemoryMiB << 20} (bytes)"));
        Assert.Equal(Field(expected, "nr vCPUs"), machine.Processors.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(Field(expected, "firmware"), machine.Firmware == Firmware.Uefi ? "uefi" : "bios");
        Assert.Equal(Field(expected, "UEFI secureboot"), machine.SecureBoot ? "true" : "false");
        Assert.Equal(Disk().Matches(expected).Select(m => m.Groups[1].Value), machine.Disks.Select(d => d.Bus));
        Assert.Equal(
            Nic().Matches(expected).Select(m => (m.Groups[1].Value, m.Groups[2].Value.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant(), m.Groups[3].Value)),
            machine.Nics.Select(n => (n.Network!, n.MacAddress!, n.Model!)));
    }

    [Fact]
    public void Describe_Sample2_HasDiskAndDropsTheCdRom()
    {
        var result = VmxMachine.Describe(VmxDocument.Parse(Samples.Read("libguestfs-virt-v2v/tests/test-i-vmx-2.vmx"), "a.vmx"), "a.vmx");
        var disk = Assert.Single(result.Machine.Disks);
        Assert.Equal(("scsi", 0, 0, "Fedora-20.vmdk"), (disk.Bus, disk.Controller, disk.Unit, disk.Image));
        Assert.Equal("rhel7-64", result.Machine.GuestHint);
        Assert.Contains(result.Findings, f => f.Id == "CDROM_DROPPED");
    }

    private static string Field(string text, string name) => Regex.Match(text, @"^\s*" + name + @": (.*)$", RegexOptions.Multiline).Groups[1].Value.Trim();

    [GeneratedRegex(@"^\t[0-9]+ \[([a-z]+)\]", RegexOptions.Multiline)]
    private static partial Regex Disk();

    [GeneratedRegex(@"^\t(?:Network|Bridge) ""(.*)"" mac: ([0-9a-f:]+) \[(.*)\]", RegexOptions.Multiline)]
    private static partial Regex Nic();
}
