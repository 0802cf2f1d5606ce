using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests;

/// <summary>Images made by other programs; the digests are those of samples.md.</summary>
public sealed class SampleImagesTests : IDisposable
{
    private const string StrozContent = "a3bcf05f07a1c06a3380eeca8571f0efb2b85afafa1e21662b8cad436d1f7727";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("log2timeline-dfvfs/ext2.vmdk.gz", "monolithicSparse", 4194304, "a6c2f0e39afe6c6ab432ca5465349fcefe8dc944398e97b2d957d3f89dbb5d80")]
    [InlineData("strozfriedberg-vmdk-rs/monolithicSparse.vmdk.gz", "monolithicSparse", 10485760, StrozContent)]
    [InlineData("strozfriedberg-vmdk-rs/streamOptimized.vmdk", "streamOptimized", 10485760, StrozContent)]
    [InlineData("strozfriedberg-vmdk-rs/monolithicFlat.vmdk", "monolithicFlat", 10485760, StrozContent, "strozfriedberg-vmdk-rs/_reconstructed/monolithicFlat-flat.vmdk.gz")]
    [InlineData("strozfriedberg-vmdk-rs/twoGbMaxExtentFlat.vmdk", "twoGbMaxExtentFlat", 10485760, StrozContent, "strozfriedberg-vmdk-rs/_reconstructed/twoGbMaxExtentFlat-f001.vmdk.gz")]
    [InlineData("strozfriedberg-vmdk-rs/twoGbMaxExtentSparse.vmdk", "twoGbMaxExtentSparse", 10485760, StrozContent, "strozfriedberg-vmdk-rs/twoGbMaxExtentSparse-s001.vmdk.gz")]
    [InlineData("qemu-qemu/sample_images/iotest-version3.vmdk.bz2", "streamOptimized", 17179869184, "0859bb3397bc1d30fa979c80a289ce98bfd6c1141a64594d6f3cc8cd68218faf")]
    [InlineData("LTRData-DiscUtils/xfs5.vhdx.gz", "dynamic", 10737418240, "edc5d630b2da0ddb08992afb58ded06ffb56b884e184b4974fda16e31b7e6817")]
    [InlineData("LTRData-DiscUtils/vhdx-log-replay.vhdx.gz", "dynamic", 1073741824, "3ba3b309425b7ff5e8e0199edceed95226250f880c53b24e8eae93865f3fad5e")]
    [InlineData("fox-it-dissect.hypervisor/vhdx/dynamic.vhdx.gz", "dynamic", 10485760, "8e2b5e9265d694b42b81819e3bff29770eff4ed0f4f9f311693ff3dbdc93efac")]
    [InlineData("qemu-qemu/sample_images/iotest-dynamic-1G.vhdx.bz2", "dynamic", 1073741824, "d3d112d8dab7fd360609f7d5a7b769904b7a2a7d7b6b8c535f65a23293c05478")]
    [InlineData("davidepianca98-hoho-os/hdd.vdi.gz", "dynamic", 4194304, "fdb27bb2d5120841c835a3907499f83836fdd2ce507dc41d58fc7b04a06e605c")]
    public async Task Open_Sample_HasTheContentOfSamplesMd(string sample, string variant, long capacity, string sha256, params string[] others)
    {
        var path = await Samples.UnpackAsync(sample, _folder.Path);
        foreach (var other in others)
        {
            await Samples.UnpackAsync(other, _folder.Path);
        }

        await using var reader = await Images.OpenAsync(path);

        Assert.Equal(variant, reader.Info.Variant);
        Assert.Equal(capacity, reader.Capacity);
        Assert.Equal(1 + others.Length, reader.Info.Files.Count);
        if (capacity <= 1 << 30)
        {
            Assert.Equal(sha256, await Images.HashAsync(reader, 1_000_003));
        }

        Assert.Equal(sha256, await ImageHasher.ComputeAsync(reader, cancellationToken: TestContext.Current.CancellationToken));
        await Images.CheckExtentsAsync(reader);
        await reader.VerifyUnchangedAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("LTRData-DiscUtils/data.ext4.dat.gz", 71680, "90b6aa85aaf365451c3dd164f068bc69830bdaded67c68c3a39f346de8c24d2b")]
    [InlineData("davidepianca98-hoho-os/floppy.img.gz", 1474560, "9b8a8bf0712cf243d84a967d3b65da6c0df6c9a90ba2ee832703187ef75356ce")]
    [InlineData("log2timeline-dfvfs/mbr.raw.gz", 1474560, "694da90e9fc6858c6dd77450add177670eb450534c3fecee2633356d6a969b98")]
    public async Task Open_RawSample_OnlyWhenAskedFor(string sample, long capacity, string sha256)
    {
        var path = await Samples.UnpackAsync(sample, _folder.Path);

        await Images.FailsAsync(DiskImageErrors.UnknownFormat, () => Images.OpenAsync(path));
        await using var reader = await Images.OpenAsync(path, DiskImageFormat.Raw);

        Assert.Equal(capacity, reader.Capacity);
        Assert.Equal(sha256, await Images.HashAsync(reader));
        await Images.CheckExtentsAsync(reader);
    }

    [Theory]
    [InlineData("qemu-qemu/sample_images/afl9.vmdk.bz2", DiskImageErrors.Corrupt, "")]
    [InlineData("fox-it-dissect.hypervisor/vhdx/differencing.avhdx.gz", DiskImageErrors.MissingFile, @".\Generation 1_49C4BAF3-4B25-4406-8C4B-D39E65C32385.avhdx")]
    [InlineData("fox-it-dissect.hypervisor/vmdk/sesparse.vmdk.gz", DiskImageErrors.UnsupportedVariant, "seSparse")]
    [InlineData("strozfriedberg-vmdk-rs/twoGbMaxExtentSparse-s001.vmdk.gz", DiskImageErrors.UnsupportedVariant, "descriptor")]
    [InlineData("strozfriedberg-vmdk-rs/monolithicFlat.vmdk", DiskImageErrors.MissingFile, "monolithicFlat-flat.vmdk")]
    public async Task Open_SampleThatCannotBeRead_SaysWhy(string sample, string code, string named)
    {
        var path = await Samples.UnpackAsync(sample, _folder.Path);

        var e = await Assert.ThrowsAnyAsync<DiskImageException>(() => Images.OpenAsync(path));

        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        Assert.Equal(code, e.Code);
    }
}
