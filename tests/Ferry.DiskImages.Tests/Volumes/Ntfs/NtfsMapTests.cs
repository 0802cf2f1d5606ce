using System.Buffers.Binary;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Ntfs;

/// <summary>File systems of mkfs.ntfs, filled by ntfs-3g.</summary>
public sealed class NtfsMapTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-c 512", "")]
    [InlineData("-c 1024 -L label", "label")]
    [InlineData("-c 4096", "")]
    [InlineData("-c 65536", "")]
    [InlineData("-c 262144", "")]
    [InlineData("-s 4096 -c 4096", "")]
    [InlineData("-s 2048 -c 8192", "")]
    public async Task Map_IsTheBitmap_AndNothingUnusedIsNeeded(string options, string label)
    {
        // Sectors at the end that are no whole cluster.
        await NtfsImage.CreateAsync(_folder["a"], (61 << 20) + 12_288, options.Split(' '));
        await NtfsImage.FillAsync(_folder["a"], 12 << 20);
        await CheckAsync(label);
    }

    private async Task CheckAsync(string label)
    {
        await NtfsImage.RequireSoundAsync(_folder["a"]);
        var before = await NtfsImage.HashFilesAsync(_folder["a"]);
        Assert.NotEmpty(before);

        var (map, volume) = await Maps.ReadOneAsync(_folder["a"]);

        Assert.Equal("ntfs", volume.Content);
        Assert.Equal(label, volume.Label);
        Assert.Equal(await NtfsImage.FreeAsync(_folder["a"], _folder.Path), map.Unused);
        await Maps.SpoilAsync(_folder["a"], _folder["b"], map.Unused);
        await NtfsImage.RequireSoundAsync(_folder["b"]);
        Assert.Equal(before, await NtfsImage.HashFilesAsync(_folder["b"]));
    }

    /// <summary>A bitmap in so many pieces that they do not fit its record: an attribute list names the records that have them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Map_OfABitmapWithAnAttributeList_IsTheBitmap(bool firstPartInRecord)
    {
        await NtfsImage.CreateAsync(_folder["a"], 61 << 20, "-c", "512");
        await NtfsImage.FillAsync(_folder["a"], 2 << 20);
        var image = await File.ReadAllBytesAsync(_folder["a"], Token);
        NtfsSurgery.SplitBitmap(image, firstPartInRecord);
        await File.WriteAllBytesAsync(_folder["a"], image, Token);

        var (map, _) = await Maps.ReadOneAsync(_folder["a"]);

        Assert.Equal(await NtfsImage.FreeAsync(_folder["a"], _folder.Path), map.Unused);
    }

    [Theory]
    [InlineData(0x0001, VolumeFindings.Dirty)]
    [InlineData(0x4000, VolumeFindings.Dirty)]
    [InlineData(0x8000, null)]
    public async Task Map_OfVolumeFlags_SaysWhetherItIsDirty(ushort flags, string? code)
    {
        await NtfsImage.CreateAsync(_folder["a"], 8 << 20);
        var image = await File.ReadAllBytesAsync(_folder["a"], Token);
        NtfsSurgery.SetVolumeFlags(image, flags);
        await File.WriteAllBytesAsync(_folder["a"], image, Token);
        await ExpectAsync(code);
    }

    [Theory]
    [InlineData(1, 0xffff, 0, null)]
    [InlineData(1, 0, 2, null)]
    [InlineData(1, 0, 0, VolumeFindings.Dirty)]
    [InlineData(2, 0xffff, 2, VolumeFindings.Dirty)]
    public async Task Map_OfLogStates_SaysWhetherItIsDirty(short version, ushort client, ushort flags, string? code)
    {
        await NtfsImage.CreateAsync(_folder["a"], 8 << 20);
        var image = await File.ReadAllBytesAsync(_folder["a"], Token);
        // Two restart pages; the newer one is the second.
        NtfsSurgery.WriteRestartPage(image, 0, 100, 1, 0xffff, 0);
        NtfsSurgery.WriteRestartPage(image, 1, 101, version, client, flags);
        await File.WriteAllBytesAsync(_folder["a"], image, Token);
        await ExpectAsync(code);
    }

    [Theory]
    [InlineData(0, 0, false, null)]
    [InlineData(1, 0, false, null)]
    [InlineData(2, 0, false, VolumeFindings.HasSnapshots)]
    [InlineData(3, 0, false, VolumeFindings.HasSnapshots)]
    [InlineData(1, 0x7fffffffffffff00, false, VolumeFindings.HasSnapshots)]
    [InlineData(0, 0, true, VolumeFindings.HasSnapshots)]
    public async Task Map_WithShadowCopies_CountsAllAsUsed(int entry, long next, bool elsewhere, string? code)
    {
        await NtfsImage.CreateAsync(_folder["a"], 8 << 20);
        await using (var file = File.OpenWrite(_folder["a"]))
        {
            var header = new byte[128];
            new Guid("3808876b-c176-4e48-b7ae-04046e6cc752").TryWriteBytes(header);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(48), entry == 0 ? 0 : 7 << 20);
            header[80] = elsewhere ? (byte)1 : (byte)0;
            await RandomAccess.WriteAsync(file.SafeFileHandle, header, 0x1e00, Token);
            var catalog = new byte[16384];
            header.AsSpan(0, 16).CopyTo(catalog);
            BinaryPrimitives.WriteInt64LittleEndian(catalog.AsSpan(40), next);
            catalog[128] = (byte)entry;
            await RandomAccess.WriteAsync(file.SafeFileHandle, catalog, 7 << 20, Token);
        }

        await ExpectAsync(code);
    }

    [Theory]
    [InlineData("a record's fixup")]
    [InlineData("the bitmap says that a system file is free")]
    [InlineData("more sectors than the volume")]
    [InlineData("mft elsewhere")]
    [InlineData("holes in the bitmap")]
    [InlineData("runs that leave the volume")]
    [InlineData("a bitmap that is too short")]
    public async Task Map_OfDamagedStructures_SaysSo(string what)
    {
        await NtfsImage.CreateAsync(_folder["a"], 8 << 20);
        var image = await File.ReadAllBytesAsync(_folder["a"], Token);
        NtfsSurgery.Damage(image, what);
        await File.WriteAllBytesAsync(_folder["a"], image, Token);
        await Maps.RefusesAsync(_folder["a"], VolumeFindings.Inconsistent);
    }

    private async Task ExpectAsync(string? code)
    {
        if (code is null)
        {
            await Maps.ReadOneAsync(_folder["a"]);
        }
        else
        {
            await Maps.RefusesAsync(_folder["a"], code);
        }
    }
}
