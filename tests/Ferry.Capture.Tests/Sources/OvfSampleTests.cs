using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.Capture.Sources;
using Ferry.Capture.Sources.Ovf;
using Ferry.Contracts.Machines;

namespace Ferry.Capture.Tests.Sources;

/// <summary>Every sample .ovf against the facts that another program found in it (facts/ovf.tsv), or a clear refusal.</summary>
public sealed partial class OvfSampleTests
{
    /// <summary>The samples that must be refused, and why.</summary>
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["disk-capacity-property.ovf"] = SourceErrors.NoDisks,
        ["vApp_with_2vms.ovf"] = SourceErrors.OvfSeveralSystems,
        ["complete_vs.ovf"] = SourceErrors.NoDisks,
        ["parentDisk.ovf"] = SourceErrors.OvfUnsupported,
        ["vbox8.ovf"] = SourceErrors.NoDisks,
        ["vbox8_0.9.ovf"] = SourceErrors.OvfInvalid,
        ["SugarCRM.ovf"] = SourceErrors.OvfSeveralSystems,
        ["nostalgia-chunkdisk.ovf"] = SourceErrors.OvfUnsupported,
        ["vCD_vApp_OVF.ovf"] = SourceErrors.OvfSeveralSystems,
        ["comp002.ovf"] = SourceErrors.OvfUnsupported,
        ["haoUnOS2VMs.ovf"] = SourceErrors.OvfSeveralSystems,
        ["unsupportedHardwareVersion.ovf"] = SourceErrors.NoDisks,
        ["vmHardware.ovf"] = SourceErrors.NoDisks,
        ["virtualsystemcollection.ovf"] = SourceErrors.OvfSeveralSystems,
    };

    public static IEnumerable<TheoryDataRow<string>> Files() => Samples.Folder is null
        ? [new TheoryDataRow<string>("none") { Skip = "The sample files are not here: set FERRY_SAMPLES." }]
        : Directory.EnumerateFiles(Samples.Folder, "*.ovf", SearchOption.AllDirectories)
            .Select(path => new TheoryDataRow<string>(Path.GetRelativePath(Samples.Folder, path)));

    [Theory]
    [MemberData(nameof(Files))]
    public void Describe_Sample_SaysWhatTheFactsSay(string path)
    {
        var name = Path.GetFileName(path);
        var bytes = Samples.Read(path);
        if (Refused.TryGetValue(name, out var code))
        {
            var failure = Assert.Throws<SourceException>(() => OvfMachine.Describe(bytes, name)).Failure;
            Assert.Equal(code, failure.Code);
            Assert.NotEmpty(failure.Remedy);
            return;
        }

        var facts = Assert.Single(File.ReadLines(Samples.Path("facts/ovf.tsv")), l => l.StartsWith(path + "\t", StringComparison.Ordinal));
        var machine = OvfMachine.Describe(bytes, name).Machine;

        if (!facts.Contains("'cpu': 3", StringComparison.Ordinal) && !facts.Contains("'cpu': 2", StringComparison.Ordinal))
        {
            Assert.Equal(Cpu().Match(facts) is { Success: true } cpu ? int.Parse(cpu.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 1, machine.Processors);
            Assert.Equal(Memory().Match(facts) is { Success: true } memory ? int.Parse(memory.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 1024, machine.MemoryMiB);
        }

        Assert.Equal(facts.Contains("fw=efi", StringComparison.Ordinal) ? Firmware.Uefi : Firmware.Bios, machine.Firmware);
        Assert.Equal(NicCount().Match(facts) is { Success: true } nics ? int.Parse(nics.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0, machine.Nics.Count);
        Assert.All(machine.Disks, d =>
        {
            Assert.Contains(d.Image + ":", facts, StringComparison.Ordinal);
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"cap={d.Capacity} "), facts, StringComparison.Ordinal);
        });
        if (!facts.Contains("(empty)", StringComparison.Ordinal) && DiskCount().Match(facts) is { Success: true } disks)
        {
            Assert.Equal(int.Parse(disks.Groups[1].ValueSpan, CultureInfo.InvariantCulture), machine.Disks.Count);
        }
    }

    [Fact]
    public void DeploymentOptions_TheDefaultIsUsed()
    {
        var result = OvfMachine.Describe(Samples.Read("vmware-govmomi/ovf/fixtures/deployment-configs.ovf"), "a.ovf");
        Assert.Equal((8, 8192), (result.Machine.Processors, result.Machine.MemoryMiB));
        Assert.Equal(["system-large.vmdk", "model-large.vmdk"], result.Machine.Disks.Select(d => d.Image));
        Assert.Contains(result.Findings, f => f.Id == "EMPTY_DISK_DROPPED");
        Assert.Contains(result.Findings, f => f.Id == "OVF_CONFIGURATION");
    }

    [Fact]
    public void SeveralSystems_AreNamed()
    {
        var e = Assert.Throws<SourceException>(() => OvfMachine.Describe(Samples.Read("vmware-govmomi/ovf/fixtures/virtualsystemcollection.ovf"), "a.ovf"));
        Assert.Contains("storage server, web-server", e.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_VirtV2vOva_SaysWhatVirtV2vSays()
    {
        var machine = OvfMachine.Describe(Samples.Read("libguestfs-virt-v2v/tests/test-i-ova-tar.ovf"), "test-i-ova-tar.ovf").Machine;
        Assert.Equal(("2K8R2EESP1_2_Medium", 1, 1024, Firmware.Uefi, false), (machine.Name, machine.Processors, machine.MemoryMiB, machine.Firmware, machine.SecureBoot));
        Assert.Equal([("scsi", 0, 0, "disk1.vmdk")], machine.Disks.Select(d => (d.Bus, d.Controller, d.Unit, d.Image)));
        Assert.Equal([("PG-VLAN60", "e1000")], machine.Nics.Select(n => (n.Network!, n.Model!)));
    }

    [GeneratedRegex(@" cpu=([0-9]+) ")]
    private static partial Regex Cpu();

    [GeneratedRegex(@" mem=\('([0-9]+)', '(?:byte \* 2\^20|MegaBytes)'\)")]
    private static partial Regex Memory();

    [GeneratedRegex(@"'nic': ([0-9]+)")]
    private static partial Regex NicCount();

    [GeneratedRegex(@"'disk': ([0-9]+)")]
    private static partial Regex DiskCount();
}
