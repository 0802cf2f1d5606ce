using Ferry.Contracts.Conversion;
using Ferry.Conversion.Tests.Support;
using Ferry.DiskImages;
using Ferry.Hosting.Jobs;
using Ferry.Testing;

namespace Ferry.Conversion.Tests.Images;

/// <summary>Images for Azure: fixed VHDs of whole MiB, whatever the size of the captured disk.</summary>
public sealed class AzureImageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The disk of the test is no whole number of MiB: zeros are appended, which the proof demands.</summary>
    [Fact]
    public async Task Image_IsAFixedVhdOfWholeMiB()
    {
        using var disk = await TestDisk.CreateAsync();
        var command = disk.Command("vhd") with { Target = "azure" };

        var report = (await disk.ConvertAsync(new FakeJobContext<ConvertDisk>(disk.ConversionId, command))).Report;

        var padded = (TestDisk.Size + (1 << 20) - 1) / (1 << 20) * (1 << 20);
        Assert.NotEqual(TestDisk.Size, padded);
        Assert.Equal((TestDisk.Size, padded + 512), (report.Capacity, report.ImageBytes));
        Assert.Equal(TestDisk.DigestOf(disk.Expected), report.ImageDigest);
        await File.WriteAllBytesAsync(disk.SourcePath, [.. disk.Expected, .. new byte[padded - TestDisk.Size]], Token);
        await QemuImg.RunAsync("compare", "-f", "raw", "-F", "vpc", disk.SourcePath, disk.StagedImage("vhd"));
        using var info = System.Text.Json.JsonDocument.Parse(await QemuImg.RunAsync("info", "--output=json", "-f", "vpc", disk.StagedImage("vhd")));
        Assert.Equal(padded, info.RootElement.GetProperty("virtual-size").GetInt64());
    }

    [Theory]
    [InlineData("convert.slice.proven", 5)]
    [InlineData("convert.verify", 1)]
    public async Task Image_AfterACrash_GoesOn(string point, int occurrence)
    {
        using var disk = await TestDisk.CreateAsync();
        var command = disk.Command("vhd") with { Target = "azure" };
        var first = new FakeJobContext<ConvertDisk>(disk.ConversionId, command)
        {
            OnFaultPoint = (name, count) => _ = name == point && count >= occurrence ? throw new CrashException() : 0,
        };
        await Assert.ThrowsAsync<CrashException>(() => disk.ConvertAsync(first));

        var second = new FakeJobContext<ConvertDisk>(disk.ConversionId, command, first);
        var report = (await disk.ConvertAsync(second)).Report;

        Assert.Equal(TestDisk.DigestOf(disk.Expected), report.ImageDigest);
        Assert.Empty(first.ProvenHere.Select(slice => slice.First).Intersect(second.ProvenHere.Select(slice => slice.First)));
        Assert.Equal(disk.Expected, (await TestDisk.ReadImageAsync(disk.StagedImage("vhd"), DiskImageFormat.Vhd))[..disk.Expected.Length]);
    }

    [Fact]
    public async Task SomethingBehindTheDisksEnd_IsFoundByTheProof()
    {
        using var disk = await TestDisk.CreateAsync();
        var job = new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command("vhd") with { Target = "azure" })
        {
            OnFaultPoint = (name, _) =>
            {
                if (name == "convert.verify")
                {
                    using var file = File.OpenHandle(disk.StagedImage("vhd"), FileMode.Open, FileAccess.ReadWrite);
                    RandomAccess.Write(file, [0x5A], TestDisk.Size + 17);
                }
            },
        };

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.ConvertAsync(job));

        Assert.Equal(ConversionErrors.VerifyMismatch, failed.Failure.Code);
        Assert.Contains($"byte {TestDisk.Size + 17} ", failed.Failure.Message, StringComparison.Ordinal);
    }

}
