using System.Text.Json;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary><c>ferry inspect</c> and <c>ferry check</c>: the shape of their JSON, and that they change nothing.</summary>
public sealed class PreviewTests : IDisposable
{
    private readonly TempFolder folder = new("preview");

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Inspect_SampleVm_SaysMachineDisksAllocationAndGuest()
    {
        var found = await JsonAsync(0, "inspect", FerryRepository.SampleVm, "--json");

        var source = found.GetProperty("source");
        Assert.Equal("vmx", source.GetProperty("kind").GetString());
        Assert.Equal("debian-sample", source.GetProperty("machine").GetProperty("name").GetString());
        var disk = Assert.Single(source.GetProperty("disks").EnumerateArray());
        Assert.Equal(("vmdk", "monolithicSparse"), (disk.GetProperty("format").GetString(), disk.GetProperty("variant").GetString()));
        Assert.InRange(disk.GetProperty("allocatedBytes").GetInt64(), 1, disk.GetProperty("capacityBytes").GetInt64());
        Assert.Equal("mbr", disk.GetProperty("partitions").GetString());
        Assert.Equal(["swap", "ext4"], disk.GetProperty("volumes").EnumerateArray().Select(volume => volume.GetProperty("content").GetString()));
        Assert.InRange(disk.GetProperty("usedBytes").GetInt64(), 1, disk.GetProperty("capacityBytes").GetInt64() / 2);
        Assert.Equal("debian", found.GetProperty("guest").GetProperty("distribution").GetString());
        Assert.Equal(JsonValueKind.Array, found.GetProperty("findings").ValueKind);
    }

    [Fact]
    public async Task Check_SampleVm_SaysWhatWouldChange()
    {
        var found = await JsonAsync(0, "check", FerryRepository.SampleVm, "--to", "hyperv", "--json");

        Assert.Contains(found.GetProperty("changes").EnumerateArray(), change =>
            change.GetProperty("path").GetString() == "/etc/fstab" && change.GetProperty("rule").GetString()!.Length > 0 && change.GetProperty("summary").GetString()!.Length > 0);
        Assert.DoesNotContain(found.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("severity").GetString() == "Error");
    }

    [Fact]
    public async Task Check_OfWhatTheTargetCannotTake_IsRefused_WithIdSeverityAndRemedy()
    {
        var found = await JsonAsync(4, "check", FerryRepository.SampleVm, "--to", "hyperv", "--generation", "2", "--json");

        var finding = Assert.Single(found.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("id").GetString() == "FIRMWARE_MISMATCH");
        Assert.Equal("Error", finding.GetProperty("severity").GetString());
        Assert.Contains("generation 1", finding.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ForRawImages_LooksAtNoGuest()
    {
        var found = await JsonAsync(0, "check", RawImage.Write(folder.File("disk.img"), 1, seed: 1), "--input-format", "raw", "--to", "raw", "--json");

        Assert.Equal("image", found.GetProperty("source").GetProperty("kind").GetString());
        Assert.Empty(found.GetProperty("changes").EnumerateArray());
        Assert.Contains(found.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("id").GetString() == "MACHINE_ASSUMED");
    }

    private static async Task<JsonElement> JsonAsync(int exitCode, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(FerryRepository.Program), "ferry is not built: ./ferry --version");
        var result = await Commands.FerryAsync(arguments);
        Assert.True(result.ExitCode == exitCode, result.ToString());
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }
}
