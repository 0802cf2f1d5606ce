using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Conversion.Targets;
using Ferry.Conversion.Targets.Azure;

namespace Ferry.Conversion.Tests.Targets;

public sealed class AzureTargetTests
{
    private const long MiB = 1 << 20;

    [Theory]
    [InlineData(1, MiB)]
    [InlineData(MiB, MiB)]
    [InlineData(MiB + 512, 2 * MiB)]
    [InlineData(AzureDisk.MostBytes, AzureDisk.MostBytes)]
    public void Disk_IsRoundedUpToWholeMiB(long bytes, long padded) => Assert.Equal(padded, AzureDisk.Padded(bytes));

    [Theory]
    [InlineData(1, 1, 1, null)]
    [InlineData(65, 8, 1, null)]
    [InlineData(66, 1, 1, TargetErrors.LimitExceeded)]
    [InlineData(1, 9, 1, TargetErrors.LimitExceeded)]
    [InlineData(1, 1, AzureDisk.MostBytes, null)]
    [InlineData(1, 1, AzureDisk.MostBytes + 512, TargetErrors.LimitExceeded)]
    public void Limits_AreFoundBeforeAnythingIsMoved(int disks, int nics, long bytes, string? code)
    {
        var machine = Machines.Of(disks: disks, nics: nics);
        machine = machine with { Disks = [.. machine.Disks.Select(disk => disk with { Capacity = bytes })] };
        Assert.Equal(code, Find(machine).FirstOrDefault(finding => finding.Severity == FindingSeverity.Error)?.Id);
        if (code is not null)
        {
            Assert.Equal(code, Assert.Throws<TargetException>(() => new AzureTarget().Create(Machines.Publish(machine, "azure"), "/out")).Failure.Code);
        }
    }

    [Fact]
    public void Preflight_TellsWhatTheOperatorHasToKnow()
    {
        var machine = Machines.Of(Firmware.Uefi, disks: 2, guest: null, secureBoot: true) with { Processors = 200 };
        machine = machine with { Disks = [machine.Disks[0] with { Capacity = MiB + 512 }, machine.Disks[1] with { Capacity = MiB }] };
        var findings = Find(machine);
        Assert.Equal(["AZURE_DISK_PADDED", "AZURE_SIZE", "AZURE_OS_TYPE", "AZURE_SECURE_BOOT_OFF", "AZURE_ADDRESSES"], findings.Select(finding => finding.Id));
        Assert.Contains($"Disk 0 gets {MiB - 512} bytes", findings[0].Message, StringComparison.Ordinal);
        Assert.All(findings, finding => Assert.NotEmpty(finding.Remedy));
    }

    [Theory]
    [InlineData(1, 1024, 0, 1, "Standard_D2s_v5")]
    [InlineData(2, 8193, 0, 1, "Standard_E2s_v5")]
    [InlineData(2, 1024, 5, 1, "Standard_D4s_v5")]
    [InlineData(2, 1024, 0, 3, "Standard_D8s_v5")]
    [InlineData(96, 672 << 10, 32, 8, "Standard_E96s_v5")]
    [InlineData(97, 1024, 0, 1, null)]
    [InlineData(1, (672 << 10) + 1, 0, 1, null)]
    [InlineData(1, 1024, 33, 1, null)]
    public void Size_IsTheSmallestThatHasAll(int processors, int memoryMiB, int disks, int nics, string? size) =>
        Assert.Equal(size, AzureSize.Smallest(processors, memoryMiB, disks, nics)?.Name);

    [Theory]
    [InlineData("web01", "web01")]
    [InlineData("-a b/ü'$(x)-", "a-b-----x")]
    [InlineData("", "machine")]
    [InlineData("'\n", "machine")]
    public void Name_IsOneThatAzureTakes(string name, string expected) => Assert.Equal(expected, AzureName.Of(name));

    private static IReadOnlyList<Finding> Find(MachineDescription machine) => new AzureTarget().Preflight(machine, null);
}
