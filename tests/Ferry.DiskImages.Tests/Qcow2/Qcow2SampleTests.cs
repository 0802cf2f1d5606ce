using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Qcow2;

/// <summary>Images of other people; the digests are those of samples.md.</summary>
public sealed class Qcow2SampleTests : IDisposable
{
    private const string Basic = "3c86a52ad19ebbe34acffb812d276817ddca56522eb72de2b984d70ffb20582f";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fox-it-dissect.hypervisor/qcow2/basic.qcow2.gz", 536870912, Basic)]
    [InlineData("fox-it-dissect.hypervisor/qcow2/data-file.qcow2.gz", 536870912, Basic, "fox-it-dissect.hypervisor/qcow2/data-file.bin.gz")]
    [InlineData("fox-it-dissect.hypervisor/qcow2/backing-chain-3.qcow2.gz", 536870912, "4a57a3a5c273c7c1144743ecafc7b23181f6e23c8abad104493a63a3599bd276")]
    [InlineData(
        "fox-it-dissect.hypervisor/qcow2/backing-chain-2.qcow2.gz", 536870912, "8e2e850f2a31828f6f053f70f1fbfa71a42ce0571c6d8cd2a7ca0e21e1db8341",
        "fox-it-dissect.hypervisor/qcow2/backing-chain-3.qcow2.gz")]
    [InlineData(
        "fox-it-dissect.hypervisor/qcow2/backing-chain-1.qcow2.gz", 536870912, "186334af67c1acb54b08ded0b6a419571000755d4c810c8b768a30281e2ab074",
        "fox-it-dissect.hypervisor/qcow2/backing-chain-2.qcow2.gz", "fox-it-dissect.hypervisor/qcow2/backing-chain-3.qcow2.gz")]
    [InlineData("log2timeline-dfvfs/ext2.qcow2.gz", 4194304, "a6c2f0e39afe6c6ab432ca5465349fcefe8dc944398e97b2d957d3f89dbb5d80")]
    [InlineData("log2timeline-dfvfs/lvm.qcow2.gz", 8388608, "a652bd8e068d83eb74647afbe542cba40a25479a18a91c637fab2c7858f8da20")]
    [InlineData("log2timeline-dfvfs/lvmtest.qcow2.gz", 16777216, "1028bec589fb8bdce75271522a028c6bb805610301593fbc86ff123dd0deb969")]
    [InlineData("log2timeline-dfvfs/windows_volume.qcow2.gz", 35913728, "44abe9deca9658f331a2bdba2deb53192d04f35d157a1fb3ba0597b03f0524f2")]
    [InlineData("qemu-qemu/uefi-boot-images/bios-tables-test.x86_64.iso.qcow2", 425984, "274cc137b85be86273c4dd027f8ee15e9e7f4a62c97ed9d60d0f56fd2c6c3015")]
    public async Task Open_Sample_HasTheContentOfSamplesMd(string sample, long capacity, string sha256, params string[] others)
    {
        foreach (var other in others)
        {
            await Samples.UnpackAsync(other, _folder.Path);
        }

        await using var reader = await Images.OpenAsync(await Samples.UnpackAsync(sample, _folder.Path));

        Assert.Equal(capacity, reader.Capacity);
        Assert.Equal(1 + others.Length, reader.Info.Files.Count);
        Assert.Equal(sha256, await ImageHasher.ComputeAsync(reader, cancellationToken: TestContext.Current.CancellationToken));
        await Images.CheckExtentsAsync(reader);
        if (capacity < 64 << 20)
        {
            Assert.Equal(sha256, await Images.HashAsync(reader, 1_000_003));
            Assert.Equal(sha256, await Images.HashAsync(reader, 997));
        }
    }

    [Theory]
    [InlineData("kubevirt-containerized-data-importer/cirros-snapshot2.qcow2.gz", "cirros-snapshot1.qcow2")]
    [InlineData("fox-it-dissect.hypervisor/qcow2/data-file.qcow2.gz", "data-file.bin")]
    public async Task Open_SampleWithoutItsFile_NamesIt(string sample, string missing)
    {
        var path = await Samples.UnpackAsync(sample, _folder.Path);
        var e = await Images.FailsAsync(DiskImageErrors.MissingFile, () => Images.OpenAsync(path));
        Assert.Equal(missing, Path.GetFileName(e.File));
    }
}
