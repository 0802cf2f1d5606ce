using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Conversion.Targets;
using Ferry.Conversion.Targets.HyperV;

namespace Ferry.Conversion.Tests.Targets;

public sealed class HyperVPlannerTests
{
    [Fact]
    public void Bios_IsGeneration1_BootsFromIde_OthersOnScsi()
    {
        var plan = Machines.Plan(Machines.Of(disks: 66));
        Assert.Equal((1, null), (plan.Generation, plan.SecureBootTemplate));
        Assert.Equal(("IDE", 0, 0), Place(plan, 0));
        Assert.Equal(("SCSI", 0, 0), Place(plan, 1));
        Assert.Equal(("SCSI", 0, 63), Place(plan, 64));
        Assert.Equal(("SCSI", 1, 0), Place(plan, 65));
    }

    [Theory]
    [InlineData("debian10-64", false, "MicrosoftUEFICertificateAuthority")]
    [InlineData("ubuntu-64", true, "MicrosoftUEFICertificateAuthority")]
    [InlineData("windows2019srv-64", true, "MicrosoftWindows")]
    [InlineData("winNetStandardGuest", false, "MicrosoftWindows")]
    [InlineData("Microsoft Windows Server 2008 R2 (64-bit)", false, "MicrosoftWindows")]
    [InlineData(null, false, "MicrosoftUEFICertificateAuthority")]
    public void Uefi_IsGeneration2_WithTheRightTemplate(string? guest, bool secureBoot, string template)
    {
        var plan = Machines.Plan(Machines.Of(Firmware.Uefi, disks: 2, guest: guest, secureBoot: secureBoot), generation: 2);
        Assert.Equal((2, secureBoot, template), (plan.Generation, plan.SecureBoot, plan.SecureBootTemplate));
        Assert.Equal(("SCSI", 0, 0), Place(plan, 0));
        Assert.Equal(("SCSI", 0, 1), Place(plan, 1));
    }

    [Theory]
    [InlineData("darwin20-64")]
    [InlineData("freebsd14-64")]
    [InlineData(null)]
    public void SecureBoot_OfAGuestThatIsNeitherWindowsNorLinux_IsOffWithAFinding(string? guest)
    {
        var machine = Machines.Of(Firmware.Uefi, guest: guest, secureBoot: true);
        Assert.Equal("HYPERV_SECURE_BOOT_UNKNOWN", Assert.Single(HyperVPlanner.Preflight(machine, null)).Id);
        Assert.False(Machines.Plan(machine).SecureBoot);
    }

    [Theory]
    [InlineData("linux", "MicrosoftUEFICertificateAuthority")]
    [InlineData("windows", "MicrosoftWindows")]
    public void SecureBoot_FollowsWhatTheFixupFound(string family, string template)
    {
        var command = Machines.Publish(Machines.Of(Firmware.Uefi, guest: null, secureBoot: true), "hyperv", family);
        var plan = HyperVJson.Read(new HyperVTarget().Create(command, "/out")[0].Content.Span);
        Assert.Equal((true, template), (plan.SecureBoot, plan.SecureBootTemplate));
    }

    [Theory]
    [InlineData(Firmware.Bios, 2)]
    [InlineData(Firmware.Uefi, 1)]
    [InlineData(Firmware.Bios, 3)]
    public void Generation_ThatDoesNotFit_IsRefused(Firmware firmware, int generation)
    {
        Assert.Equal(TargetErrors.FirmwareMismatch, Error(Machines.Of(firmware), generation));
        Assert.Equal(TargetErrors.FirmwareMismatch, Assert.Throws<TargetException>(() => Machines.Plan(Machines.Of(firmware), generation)).Failure.Code);
    }

    [Theory]
    [InlineData(257, 8, 64, true)]
    [InlineData(258, 1, 1, false)]
    [InlineData(1, 9, 1, false)]
    [InlineData(1, 1, 65, false)]
    public void Limits_AreKept(int disks, int nics, int tebibytes, bool fits)
    {
        var machine = Machines.Of(disks: disks, nics: nics);
        machine = machine with { Disks = [.. machine.Disks.Select(disk => disk with { Capacity = (long)tebibytes << 40 })] };
        Assert.Equal(fits ? null : TargetErrors.LimitExceeded, Error(machine, null));
    }

    [Theory]
    [InlineData(Firmware.Bios, 65, 1024, "HYPERV_PROCESSORS")]
    [InlineData(Firmware.Bios, 64, 2 << 20, "HYPERV_MEMORY")]
    [InlineData(Firmware.Uefi, 65, 2 << 20, "HYPERV_SECURE_BOOT_OFF")]
    public void Preflight_TellsWhatTheOperatorHasToSet(Firmware firmware, int processors, int memoryMiB, string id)
    {
        var finding = Assert.Single(HyperVPlanner.Preflight(Machines.Of(firmware) with { Processors = processors, MemoryMiB = memoryMiB }, null));
        Assert.Equal(id, finding.Id);
        Assert.NotEmpty(finding.Remedy);
    }

    [Fact]
    public void Memory_IsAMultipleOf2MiB() => Assert.Equal(2048L << 20, Machines.Plan(Machines.Of()).MemoryBytes);

    [Fact]
    public void Json_HasAll_AndIsReadBack()
    {
        var plan = Machines.Plan(Machines.Of(Firmware.Uefi, 2, 2, name: "a\"'’\n"));
        var json = HyperVJson.Write(plan);
        Assert.Contains("\"formatVersion\": 1", System.Text.Encoding.UTF8.GetString(json), StringComparison.Ordinal);
        var back = HyperVJson.Read(json);
        Assert.Equal(plan.Disks, back.Disks);
        Assert.Equal(plan.Nics, back.Nics);
        Assert.Equal(plan with { Disks = [], Nics = [] }, back with { Disks = [], Nics = [] });
    }

    private static string? Error(MachineDescription machine, int? generation) =>
        HyperVPlanner.Preflight(machine, generation).FirstOrDefault(finding => finding.Severity == FindingSeverity.Error)?.Id;

    private static (string, int, int) Place(HyperVDefinition plan, int disk) =>
        (plan.Disks[disk].Controller, plan.Disks[disk].ControllerNumber, plan.Disks[disk].ControllerLocation);
}
