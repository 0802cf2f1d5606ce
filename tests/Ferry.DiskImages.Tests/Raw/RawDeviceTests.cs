using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Writing;
using Xunit;

namespace Ferry.DiskImages.Tests.Raw;

/// <summary>Block devices as source and target, with sectors of 512 and 4096 bytes.</summary>
public sealed class RawDeviceTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public async Task Open_Device_HasItsSectorsAndContent(int sectorSize)
    {
        var content = await RandomFileAsync("disk", 5 * MiB);
        await using var device = await LoopDevice.AttachAsync(_folder["disk"], sectorSize);

        await Images.FailsAsync(DiskImageErrors.UnknownFormat, () => Images.OpenAsync(device.Path));
        await using var reader = await Images.OpenAsync(device.Path, DiskImageFormat.Raw);

        Assert.Equal(content.Length, reader.Capacity);
        Assert.Equal(sectorSize, reader.Info.LogicalSectorSize);
        Assert.True(reader.Info.PhysicalSectorSize >= sectorSize);
        var actual = new byte[content.Length];
        await reader.ReadAsync(0, actual, Token);
        Assert.Equal(content, actual);
        await Images.CheckExtentsAsync(reader);
        await reader.VerifyUnchangedAsync(Token);
    }

    [Fact]
    public async Task Convert_DeviceOf4096ByteSectors_GivesAnImageOfSuch()
    {
        var content = await RandomFileAsync("disk", 5 * MiB);
        await using var device = await LoopDevice.AttachAsync(_folder["disk"], 4096);
        await using (var reader = await Images.OpenAsync(device.Path, DiskImageFormat.Raw))
        {
            await ImageConverter.ConvertAsync(reader, _folder["a.vhdx"], DiskImageFormat.Vhdx, cancellationToken: Token);
        }

        await using var image = await Images.OpenAsync(_folder["a.vhdx"]);

        Assert.Equal(4096, image.Info.LogicalSectorSize);
        var actual = new byte[content.Length];
        await image.ReadAsync(0, actual, Token);
        Assert.Equal(content, actual);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public async Task Convert_ToADevice_OverwritesWhenAskedAndLeavesNothingOld(int sectorSize)
    {
        // An odd length: the device's last sector of the disk is used in part.
        var content = await RandomFileAsync("source", (4 * MiB) + 512 + 100);
        await File.WriteAllBytesAsync(_folder["disk"], Enumerable.Repeat((byte)0xee, 6 * MiB).ToArray(), Token);
        await using var device = await LoopDevice.AttachAsync(_folder["disk"], sectorSize);
        await using var reader = await Images.OpenAsync(_folder["source"], DiskImageFormat.Raw);

        await Images.FailsAsync(DiskImageErrors.Exists, () => ImageConverter.ConvertAsync(reader, device.Path, DiskImageFormat.Raw, cancellationToken: Token));
        Assert.Equal(0xee, (await File.ReadAllBytesAsync(_folder["disk"], Token))[0]);
        await ImageConverter.ConvertAsync(reader, device.Path, DiskImageFormat.Raw, new ImageConvertOptions { Overwrite = true, Durable = true }, cancellationToken: Token);

        await using var target = await Images.OpenAsync(device.Path, DiskImageFormat.Raw);
        var actual = new byte[target.Capacity];
        await target.ReadAsync(0, actual, Token);
        Assert.Equal(content.Length, content.AsSpan().CommonPrefixLength(actual));
        var end = (content.Length + sectorSize - 1) / sectorSize * sectorSize;
        Assert.Equal(-1, actual.AsSpan(content.Length..end).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, actual.AsSpan(end..).IndexOfAnyExcept((byte)0xee));
        Assert.False(File.Exists(device.Path + ".incomplete"));
    }

    [Fact]
    public async Task Convert_ToADeviceThatDoesNotFit_IsRefusedBeforeAnythingIsWritten()
    {
        await RandomFileAsync("source", 8 * MiB);
        var before = await RandomFileAsync("disk", 6 * MiB);
        await using var device = await LoopDevice.AttachAsync(_folder["disk"], 512);
        var options = new ImageConvertOptions { Overwrite = true };
        await using (var reader = await Images.OpenAsync(_folder["source"], DiskImageFormat.Raw))
        {
            await Images.FailsAsync(DiskImageErrors.NoSpace, () => ImageConverter.ConvertAsync(reader, device.Path, DiskImageFormat.Raw, options, cancellationToken: Token));
        }

        await using (var itself = await Images.OpenAsync(device.Path, DiskImageFormat.Raw))
        {
            await Assert.ThrowsAsync<ArgumentException>(() => ImageConverter.ConvertAsync(itself, device.Path, DiskImageFormat.Raw, options, cancellationToken: Token));
        }

        // A device that is in use, as a mounted one is.
        Tool.Require("mkfs.ext4");
        await Tool.RunAsync("mkfs.ext4", "-q", device.Path);
        await Tool.RunAsync("mkdir", _folder["mount"]);
        var (code, output) = await Tool.TryRunAsync("mount", device.Path, _folder["mount"]);
        if (code != 0)
        {
            Assert.Skip($"Nothing can be mounted: {output.Trim()}");
        }

        try
        {
            await RandomFileAsync("small", MiB);
            await using var reader = await Images.OpenAsync(_folder["small"], DiskImageFormat.Raw);
            await Images.FailsAsync(DiskImageErrors.InputOutput, () => ImageConverter.ConvertAsync(reader, device.Path, DiskImageFormat.Raw, options, cancellationToken: Token));
        }
        finally
        {
            await Tool.RunAsync("umount", _folder["mount"]);
        }

        Assert.NotEmpty(before);
    }

    [Fact]
    public async Task Reopen_Device_IsRefused()
    {
        await RandomFileAsync("disk", MiB);
        await using var device = await LoopDevice.AttachAsync(_folder["disk"], 512);
        await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, async () => await DiskImage.ReopenAsync(
            device.Path, DiskImageFormat.Raw, new DiskImageDelta { Changed = [], DeltaId = Guid.NewGuid() }, Token));
    }

    [Fact]
    public async Task Open_FileWithSectorsAskedFor_HasThem()
    {
        await RandomFileAsync("disk", (5 * MiB) + 17);
        await using var files = LocalImageFiles.ForImage(_folder["disk"], out var name);
        await using (var reader = await DiskImage.OpenAsync(files, name, new DiskImageOpenOptions { Format = DiskImageFormat.Raw, LogicalSectorSize = 4096 }, Token))
        {
            Assert.Equal(4096, reader.Info.LogicalSectorSize);
            Assert.Equal((5 * MiB) + 17, reader.Capacity);
            await ImageConverter.ConvertAsync(reader, _folder["a.vhdx"], DiskImageFormat.Vhdx, cancellationToken: Token);
        }

        await using var image = await Images.OpenAsync(_folder["a.vhdx"]);
        Assert.Equal((5 * MiB) + 4096, image.Capacity);
        Assert.Equal(4096, image.Info.LogicalSectorSize);
        await Assert.ThrowsAsync<ArgumentException>(async () => await DiskImage.OpenAsync(files, name, new DiskImageOpenOptions { LogicalSectorSize = 1024 }, Token));
    }

    [Fact]
    public async Task Open_FolderOrPipe_IsRefused()
    {
        await Images.FailsAsync(DiskImageErrors.ForbiddenReference, () => Images.OpenAsync(_folder.Path, DiskImageFormat.Raw));
        await Tool.RunAsync("mkfifo", _folder["pipe"]);
        await Images.FailsAsync(DiskImageErrors.ForbiddenReference, () => Images.OpenAsync(_folder["pipe"], DiskImageFormat.Raw));
    }

    private async Task<byte[]> RandomFileAsync(string name, int length)
    {
        var random = Seed.New();
        var bytes = new byte[length];
        foreach (var range in RandomPlans.Delta(random, length).Changed)
        {
            random.NextBytes(bytes.AsSpan((int)range.Offset, (int)range.Length));
        }

        random.NextBytes(bytes.AsSpan(length - 50));
        await File.WriteAllBytesAsync(_folder[name], bytes, Token);
        return bytes;
    }
}
