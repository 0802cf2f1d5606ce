using System.Buffers.Binary;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vmdk;

/// <summary>What hosted sparse extents may have besides what qemu-img writes: compression without markers, redundant directories, compressed deltas.</summary>
public sealed class HostedExtentTests : IDisposable
{
    private const int Grain = HostedFileBuilder.GrainSectors * 512;
    private const int Grains = 1100;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Open_EveryKindOfGrain_HasTheContentThatQemuReads(bool compressed, bool markers)
    {
        Tool.Require("qemu-img");
        var random = new Random(1);
        var builder = Fill(new HostedFileBuilder((Grains * HostedFileBuilder.GrainSectors) - 5) { Compressed = compressed, Markers = markers }, random);
        await WriteAsync("a.vmdk", builder.Build());

        await using var image = await Images.OpenAsync(_folder["a.vmdk"]);
        await Tool.RunAsync("qemu-img", "convert", "-f", "vmdk", "-O", "raw", _folder["a.vmdk"], _folder["a.raw"]);
        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);

        Assert.True((await ImageComparer.CompareAsync(raw, image, cancellationToken: Token)).IsIdentical);
        await VmdkReads.AssertExtentsAsync(image, raw);
        await VmdkReads.AssertRandomReadsAsync(raw, image, random);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_CompressedDelta_ReadsItsParent(bool markers)
    {
        Tool.Require("qemu-img");
        var random = new Random(2);
        const long Sectors = (Grains * HostedFileBuilder.GrainSectors) - 5;
        var flat = new byte[Sectors * 512];
        random.NextBytes(flat);
        await WriteAsync("base-flat.vmdk", flat);
        await File.WriteAllTextAsync(_folder["base.vmdk"], VmdkText.Descriptor("monolithicFlat", $"RW {Sectors} FLAT \"base-flat.vmdk\" 0", "77"), Token);
        var builder = Fill(new HostedFileBuilder(Sectors) { Compressed = true, Markers = markers, Parent = ("00000077", "base.vmdk") }, random);
        await WriteAsync("a.vmdk", builder.Build());

        await using var image = await Images.OpenAsync(_folder["a.vmdk"]);
        await Tool.RunAsync("qemu-img", "convert", "-f", "vmdk", "-O", "raw", _folder["a.vmdk"], _folder["a.raw"]);
        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);

        Assert.True((await ImageComparer.CompareAsync(raw, image, cancellationToken: Token)).IsIdentical);
        await VmdkReads.AssertExtentsAsync(image, raw);
        await VmdkReads.AssertRandomReadsAsync(raw, image, random);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("primary outside")]
    [InlineData("primary nowhere")]
    [InlineData("primary not set")]
    [InlineData("directory entries outside")]
    [InlineData("directory entries zero")]
    [InlineData("table entries outside")]
    public async Task Open_DamagedPrimaryDirectory_UsesTheRedundantOne(string damage)
    {
        var random = new Random(3);
        var builder = Fill(new HostedFileBuilder(Grains * HostedFileBuilder.GrainSectors) { Redundant = true }, random);
        var bytes = builder.Build();
        await WriteAsync("whole.vmdk", bytes);
        await using var whole = await Images.OpenAsync(_folder["whole.vmdk"]);
        Damage(bytes, damage, builder.Directories.Primary);
        await WriteAsync("a.vmdk", bytes);

        await using var image = await Images.OpenAsync(_folder["a.vmdk"]);

        Assert.Equal(await Images.HashAsync(whole), await Images.HashAsync(image, 777_777));
        Assert.Equal(damage.StartsWith("primary", StringComparison.Ordinal), image.Info.Properties.ContainsKey("damage"));
        Assert.Equal(
            await whole.GetExtentsAsync(0, whole.Capacity, Token).ToListAsync(Token), await image.GetExtentsAsync(0, image.Capacity, Token).ToListAsync(Token));
    }

    [Theory]
    [InlineData("primary outside")]
    [InlineData("primary not set")]
    [InlineData("directory entries outside")]
    [InlineData("table entries outside")]
    public async Task Open_BothDirectoriesDamaged_SaysSo(string damage)
    {
        var builder = Fill(new HostedFileBuilder(Grains * HostedFileBuilder.GrainSectors) { Redundant = true }, new Random(4));
        var bytes = builder.Build();
        Damage(bytes, damage, builder.Directories.Primary);
        if (damage.StartsWith("primary", StringComparison.Ordinal))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(48), 1ul << 40);
        }
        else
        {
            Damage(bytes, damage, builder.Directories.Redundant);
        }

        await WriteAsync("a.vmdk", bytes);

        await Images.FailsAsync(DiskImageErrors.Truncated, async () =>
        {
            await using var image = await Images.OpenAsync(_folder["a.vmdk"]);
            await Images.HashAsync(image);
        });
    }

    private static void Damage(byte[] bytes, string damage, int directory)
    {
        switch (damage)
        {
            case "primary outside":
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(56), (ulong)bytes.Length);
                break;
            case "primary nowhere":
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(56), 1ul << 60);
                break;
            case "primary not set":
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(56), 0);
                break;
            case "directory entries outside" or "directory entries zero":
                for (var i = 0; i < 3; i++)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(directory + (i * 4)), damage.EndsWith("zero", StringComparison.Ordinal) ? 0 : uint.MaxValue);
                }

                break;
            case "table entries outside":
                for (var i = 0; i < Grains; i++)
                {
                    var entry = bytes.AsSpan(directory + 512 + (i * 4));
                    if (BinaryPrimitives.ReadUInt32LittleEndian(entry) > 1)
                    {
                        BinaryPrimitives.WriteUInt32LittleEndian(entry, uint.MaxValue - 1);
                    }
                }

                break;
        }
    }

    private static HostedFileBuilder Fill(HostedFileBuilder builder, Random random)
    {
        foreach (var grain in new[] { 0, 1, 2, 510, 511, 512, 513, 700, 1023, 1024, Grains - 1 })
        {
            var bytes = new byte[Grain];

            // Without markers QEMU takes no grain that became larger by compression.
            random.NextBytes(grain % 2 == 0 && (builder.Markers || !builder.Compressed) ? bytes : bytes.AsSpan(0, Grain / 10));
            builder.Set(grain, bytes);
        }

        builder.Zeroed.UnionWith([3L, 514L, 515L]);
        return builder;
    }

    private Task WriteAsync(string name, byte[] bytes) => File.WriteAllBytesAsync(_folder[name], bytes, Token);
}
