using System.Buffers.Binary;
using System.Text;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vdi;

/// <summary>What is special to VDI; plans, deltas and crashes of every format are tested in Writing.</summary>
public sealed class VdiWriterTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => _folder["a.vdi"];

    /// <summary>The rules by which VirtualBox takes a header (vdiValidateHeader), by offsets in the file, and QEMU's narrower ones.</summary>
    [Theory]
    [InlineData(512L, 0)]
    [InlineData((3L * MiB) + 512, 2)]
    [InlineData(300L << 30, 1)]
    [InlineData(900L << 40, 1)]
    public async Task Write_Header_IsOneThatVirtualBoxTakes(long capacity, int blocks)
    {
        var plan = new DiskImagePlan
        {
            Format = DiskImageFormat.Vdi, Capacity = capacity, Allocated = blocks == 0 ? [] : [new(capacity - (MiB * (blocks - 1)) - 512, (MiB * (blocks - 1)) + 512)], DiskId = Guid.NewGuid(),
        };
        await using (var writer = await DiskImage.CreateOrContinueAsync(Path, plan, Token))
        {
            if (capacity > 1L << 49)
            {
                // The map of such a disk alone has gigabytes: that the layout is possible is enough.
                return;
            }

            await writer.CompleteAsync(Token);
        }

        var header = new byte[4096];
        await using var file = File.OpenRead(Path);
        await file.ReadExactlyAsync(header, Token);
        uint At(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(offset));
        var count = ((capacity - 1) / MiB) + 1;
        Assert.StartsWith("<<< Ferry VirtualBox Disk Image >>>\n", Encoding.ASCII.GetString(header), StringComparison.Ordinal);
        Assert.Equal((0xbeda107fu, 0x00010001u, 400u, 1u, 0u), (At(64), At(68), At(72), At(76), At(80)));
        Assert.Equal((1u << 20, 0u), (At(340), At(344) % MiB));
        Assert.True(At(344) >= At(340) + (4 * count));
        Assert.Equal((512u, 512u), (At(360), At(468)));
        Assert.Equal(capacity, BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(368)));
        Assert.Equal(((uint)MiB, 0u, (uint)count, (uint)blocks), (At(376), At(380), At(384), At(388)));
        Assert.Equal(plan.DiskId, new Guid(header.AsSpan(392, 16)));
        Assert.NotEqual(Guid.Empty, new Guid(header.AsSpan(408, 16)));
        Assert.Equal(-1, header.AsSpan(424, 32).IndexOfAnyExcept((byte)0));
        Assert.Equal(At(344) + (blocks * (long)MiB), file.Length);
    }

    [Theory]
    [InlineData(0L, 0, 512)]
    [InlineData(513L, 0, 512)]
    [InlineData(1L << 50, 0, 512)]
    [InlineData(1L << 20, 1 << 21, 512)]
    [InlineData(1L << 20, 0, 4096)]
    public async Task Create_SizesThatVdiDoesNotHave_AreRefused(long capacity, int blockSize, int sector) => await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
        await DiskImage.CreateOrContinueAsync(
            Path, new DiskImagePlan { Format = DiskImageFormat.Vdi, Capacity = capacity, Allocated = [], BlockSize = blockSize, LogicalSectorSize = sector, DiskId = Guid.NewGuid() }, Token));

    [Fact]
    public async Task Convert_ToVdi_TakesNoPlaceForZeros()
    {
        Tool.Require("qemu-img");
        var random = new Random(12);
        var bytes = new byte[(9 * MiB) + 1536];
        random.NextBytes(bytes.AsSpan(3 * MiB, 700_000));
        random.NextBytes(bytes.AsSpan(bytes.Length - 600));
        await File.WriteAllBytesAsync(_folder["a.raw"], bytes, Token);
        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);

        await ImageConverter.ConvertAsync(raw, Path, DiskImageFormat.Vdi, cancellationToken: Token);

        await Tool.RunAsync("qemu-img", "check", "-f", "vdi", Path);
        await Tool.RunAsync("qemu-img", "compare", "-f", "raw", "-F", "vdi", _folder["a.raw"], Path);
        Assert.Equal(4 * MiB, new FileInfo(Path).Length);
    }

    [Fact]
    public async Task Convert_OverWhatAnInterruptedOneLeft_IsDone()
    {
        await File.WriteAllBytesAsync(_folder["a.raw"], [.. Enumerable.Repeat((byte)1, 2 * MiB)], Token);
        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        await ImageConverter.ConvertAsync(raw, Path, DiskImageFormat.Vdi, cancellationToken: Token);
        await using (var file = File.OpenWrite(Path))
        {
            file.Position = 64;
            file.Write("FERRYINC"u8);
        }

        await ImageConverter.ConvertAsync(raw, Path, DiskImageFormat.Vdi, cancellationToken: Token);
        await Images.FailsAsync(DiskImageErrors.Exists, () => ImageConverter.ConvertAsync(raw, Path, DiskImageFormat.Vdi, cancellationToken: Token));

        await using var image = await Images.OpenAsync(Path);
        Assert.True((await ImageComparer.CompareAsync(raw, image, cancellationToken: Token)).IsIdentical);
    }
}
