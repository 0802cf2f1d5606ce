using System.Security.Cryptography;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhd;

public sealed class VhdWriterTests : IDisposable
{
    private const int MiB = 1 << 20;
    private const int SmallBlock = 512 << 10;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, DiskImageVariant.Dynamic)]
    [InlineData(2, DiskImageVariant.Dynamic)]
    [InlineData(3, DiskImageVariant.Dynamic)]
    [InlineData(4, DiskImageVariant.Dynamic)]
    [InlineData(5, DiskImageVariant.Fixed)]
    [InlineData(6, DiskImageVariant.Azure)]
    [InlineData(7, DiskImageVariant.Azure)]
    public async Task Write_RandomPlan_IsReadBackByFerryQemuAndSevenZip(int seed, DiskImageVariant variant)
    {
        var random = new Random(seed);
        var plan = RandomPlan(random, variant);
        var rounded = variant == DiskImageVariant.Azure ? (plan.Capacity + MiB - 1) / MiB * MiB : plan.Capacity;
        var content = new byte[rounded];
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token))
        {
            Assert.Equal(rounded, writer.Capacity);
            await WriteRandomlyAsync(writer, plan, random, content, skipSome: true);
            await Images.FailsAsync(DiskImageErrors.Incomplete, () => Images.OpenAsync(_folder["a.vhd"]));
            await Images.FailsAsync(DiskImageErrors.Incomplete, () => Images.OpenAsync(_folder["a.vhd"], DiskImageFormat.Vhd));
            AssertNoFooter();
            await writer.CompleteAsync(Token);
            await writer.CompleteAsync(Token);
        }

        await using var reader = await Images.OpenAsync(_folder["a.vhd"]);
        var read = new byte[reader.Capacity];
        await reader.ReadAsync(0, read, Token);
        Assert.Equal(plan.DiskId, reader.Info.DiskId);
        Assert.True(content.AsSpan().SequenceEqual(read));
        await Images.CheckExtentsAsync(reader);

        Tool.Require("qemu-img");
        await Tool.RunAsync("qemu-img", "convert", "-f", "vpc", "-O", "raw", _folder["a.vhd"], _folder["a.raw"]);
        var raw = await File.ReadAllBytesAsync(_folder["a.raw"], Token);
        Assert.True(content.AsSpan().SequenceEqual(raw));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), await SevenZip.HashAsync(_folder["a.vhd"]));
    }

    [Theory]
    [InlineData(DiskImageVariant.Dynamic)]
    [InlineData(DiskImageVariant.Fixed)]
    public async Task CreateOrContinue_SeveralWritersAndInterruptions_GiveTheSameBytes(DiskImageVariant variant)
    {
        var plan = RandomPlan(new Random(7), variant);
        var content = new byte[plan.Capacity];
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["whole.vhd"], plan, Token))
        {
            await WriteRandomlyAsync(writer, plan, new Random(8), content, skipSome: false);
            await writer.CompleteAsync(Token);
        }

        for (var part = 0; part < 3; part++)
        {
            await using var one = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token);
            await using var other = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token);
            for (var i = plan.Allocated.Count - 1 - part; i >= 0; i -= 3)
            {
                var range = plan.Allocated[i];
                await (i % 2 == 0 ? one : other).WriteAsync(range.Offset, content.AsMemory((int)range.Offset, (int)range.Length), Token);
            }

            await Images.FailsAsync(DiskImageErrors.Incomplete, () => Images.OpenAsync(_folder["a.vhd"]));
        }

        await using (var last = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token))
        {
            await last.CompleteAsync(Token);
        }

        Assert.Equal(await File.ReadAllBytesAsync(_folder["whole.vhd"], Token), await File.ReadAllBytesAsync(_folder["a.vhd"], Token));
        await using var again = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token);
        await again.CompleteAsync(Token);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await again.WriteAsync(plan.Allocated[0].Offset, new byte[1], Token));
    }

    [Fact]
    public async Task CreateOrContinue_CrashBetweenTheTwoFooters_IsCompletedAgain()
    {
        var plan = RandomPlan(new Random(9), DiskImageVariant.Dynamic);
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token))
        {
            await writer.CompleteAsync(Token);
        }

        var whole = await File.ReadAllBytesAsync(_folder["a.vhd"], Token);
        await File.WriteAllBytesAsync(_folder["a.vhd"], [.. whole[..^512], .. new byte[512]], Token);
        await using (var reader = await Images.OpenAsync(_folder["a.vhd"]))
        {
            Assert.Equal(plan.Capacity, reader.Capacity);
        }

        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token))
        {
            await writer.CompleteAsync(Token);
        }

        Assert.Equal(whole, await File.ReadAllBytesAsync(_folder["a.vhd"], Token));
    }

    [Theory]
    [InlineData(DiskImageVariant.Dynamic)]
    [InlineData(DiskImageVariant.Fixed)]
    public async Task CreateOrContinue_OtherFileOrPlan_IsNeverOverwritten(DiskImageVariant variant)
    {
        var plan = RandomPlan(new Random(9), variant);
        await File.WriteAllTextAsync(_folder["text"], "precious", Token);
        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(_folder["text"], plan, Token));
        Assert.Equal("precious", await File.ReadAllTextAsync(_folder["text"], Token));
        await using (await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token))
        {
        }

        var others = new[] { plan with { DiskId = Guid.NewGuid() }, plan with { Capacity = plan.Capacity + 512 }, plan with { Variant = DiskImageVariant.Azure, BlockSize = 0 } };
        foreach (var other in others)
        {
            await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], other, Token));
        }

        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token))
        {
            await writer.CompleteAsync(Token);
        }

        foreach (var other in others)
        {
            await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], other, Token));
        }
    }

    [Theory]
    [InlineData(DiskImageVariant.Dynamic)]
    [InlineData(DiskImageVariant.Fixed)]
    public async Task Write_OutsideThePlan_IsRefused(DiskImageVariant variant)
    {
        var plan = new DiskImagePlan { Format = DiskImageFormat.Vhd, Variant = variant, Capacity = 8 * MiB, Allocated = [new(MiB, 512), new(MiB + 512, 512)], DiskId = Guid.NewGuid() };
        await using var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token);
        await writer.WriteAsync(MiB, new byte[1024], Token);
        foreach (var (offset, length) in new[] { (MiB, 1025), (MiB - 1, 2), (0, 1), (2 * MiB, 1), (8 * MiB, 1) })
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await writer.WriteAsync(offset, new byte[length], Token));
        }
    }

    [Fact]
    public async Task Convert_InterruptedConversion_IsReplacedAndNothingElseIs()
    {
        await File.WriteAllBytesAsync(_folder["a.raw"], [.. Enumerable.Repeat((byte)7, 3 * MiB)], Token);
        foreach (var variant in DiskImageVariants.Of(DiskImageFormat.Vhd))
        {
            await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
            var options = new ImageConvertOptions { Variant = variant, DiskId = Guid.NewGuid() };
            await ImageConverter.ConvertAsync(raw, _folder["a.vhd"], DiskImageFormat.Vhd, options, cancellationToken: Token);
            var whole = await File.ReadAllBytesAsync(_folder["a.vhd"], Token);
            await Images.FailsAsync(DiskImageErrors.Exists, () => ImageConverter.ConvertAsync(raw, _folder["a.vhd"], DiskImageFormat.Vhd, options, cancellationToken: Token));

            // What a kill leaves: the mark where the footer would be.
            var killed = (byte[])whole.Clone();
            var target = MarkOf(variant, raw.Capacity, options.DiskId.Value);
            target.CopyTo(killed, variant == DiskImageVariant.Dynamic ? 0 : killed.Length - 512);
            await File.WriteAllBytesAsync(_folder["a.vhd"], killed, Token);
            await Images.FailsAsync(DiskImageErrors.Incomplete, () => Images.OpenAsync(_folder["a.vhd"]));
            await ImageConverter.ConvertAsync(raw, _folder["a.vhd"], DiskImageFormat.Vhd, options, cancellationToken: Token);
            Assert.Equal(whole, await File.ReadAllBytesAsync(_folder["a.vhd"], Token));
            File.Delete(_folder["a.vhd"]);
        }
    }

    private static byte[] MarkOf(DiskImageVariant variant, long capacity, Guid diskId)
    {
        var mark = new byte[512];
        "FERRYVHD"u8.CopyTo(mark);
        BitConverter.TryWriteBytes(mark.AsSpan(8), 2);
        BitConverter.TryWriteBytes(mark.AsSpan(12), variant == DiskImageVariant.Dynamic ? 2 * MiB : 0);
        BitConverter.TryWriteBytes(mark.AsSpan(16), capacity);
        diskId.TryWriteBytes(mark.AsSpan(32), bigEndian: true, out _);
        return mark;
    }

    private static DiskImagePlan RandomPlan(Random random, DiskImageVariant variant)
    {
        var capacity = random.Next(1, 40_000) * 512L;
        var ranges = new List<DiskRange>();
        for (long at = random.Next(0, 3) * 512L; at < capacity;)
        {
            var length = Math.Min(capacity - at, random.Next(1, random.Next(2) == 0 ? 20 : 6000) * 512L);
            ranges.Add(new DiskRange(at, length));
            at += length + (random.Next(0, 9000) * 512L);
        }

        return new DiskImagePlan
        {
            Format = DiskImageFormat.Vhd,
            Variant = variant,
            Capacity = capacity,
            Allocated = ranges,
            DiskId = new Guid(random.Next(), 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]),
            BlockSize = variant == DiskImageVariant.Dynamic ? random.Next(2) * SmallBlock : 0,
        };
    }

    private static async Task WriteRandomlyAsync(IDiskImageWriter writer, DiskImagePlan plan, Random random, byte[] content, bool skipSome)
    {
        var pieces = new List<DiskRange>();
        foreach (var range in plan.Allocated)
        {
            for (var at = range.Offset; at < range.End;)
            {
                var length = Math.Min(range.End - at, random.Next(1, 3 * MiB));
                pieces.Add(new DiskRange(at, length));
                at += length;
            }
        }

        var order = pieces.ToArray();
        random.Shuffle(order);
        await Parallel.ForEachAsync(order.Where(_ => !skipSome || random.Next(4) > 0).ToArray(), Token, async (piece, token) =>
        {
            var part = content.AsMemory((int)piece.Offset, (int)piece.Length);
            new Random((int)piece.Offset).NextBytes(part.Span);
            await writer.WriteAsync(piece.Offset, part, token);
        });
    }

    /// <summary>Nowhere in an incomplete file may another program find a footer.</summary>
    private void AssertNoFooter() => Assert.Equal(-1, File.ReadAllBytes(_folder["a.vhd"]).AsSpan().IndexOf("conectix"u8));
}
