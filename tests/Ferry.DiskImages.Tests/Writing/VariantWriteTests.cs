using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Writing;

/// <summary>Plans of every variant that takes writes in any order: content, order, number of writers, interruption.</summary>
public sealed class VariantWriteTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public async Task Write_RandomPlanBySeveralWriters_HoldsWhatWasWritten(DiskImageFormat format, DiskImageVariant variant)
    {
        var random = Seed.New();
        for (var round = 0; round < 3; round++)
        {
            var plan = RandomPlans.Plan(random, format, variant, random.Next(1, 40_000));
            var pieces = RandomPlans.Pieces(random, plan.Allocated, skipSome: true);
            var image = new WrittenImage(_folder, $"several{round}", format);
            var content = new byte[plan.Capacity];
            Apply(pieces, content);

            await image.WriteAsync(plan, pieces, writers: random.Next(1, 4), complete: false);
            await image.AssertIncompleteAsync();
            await image.WriteAsync(plan, []);
            await image.AssertHoldsAsync(content, mayBeLarger: variant == DiskImageVariant.Azure);

            var alone = new WrittenImage(_folder, $"alone{round}", format);
            await alone.WriteAsync(plan, [.. pieces.OrderBy(p => p.Offset)]);
            WrittenImage.AssertSame(await alone.FilesAsync(), await image.FilesAsync());
        }
    }

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public async Task Write_SmallestDiskAndEmptyPlan_IsAllZero(DiskImageFormat format, DiskImageVariant variant)
    {
        var plan = new DiskImagePlan { Format = format, Variant = variant, Capacity = 512, Allocated = [], DiskId = new Guid(1, 2, 3, new byte[8]) };
        var image = new WrittenImage(_folder, "a", format);

        await image.WriteAsync(plan, []);

        await image.AssertHoldsAsync(new byte[512], mayBeLarger: variant == DiskImageVariant.Azure);
    }

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public async Task CreateOrContinue_OtherPlanOrOtherFile_IsRefused(DiskImageFormat format, DiskImageVariant variant)
    {
        var random = Seed.New();
        var plan = RandomPlans.Plan(random, format, variant, 9001);
        var other = plan with { DiskId = Guid.NewGuid() };
        var image = new WrittenImage(_folder, "a", format);
        await image.WriteAsync(plan, [], complete: false);
        var before = await image.FilesAsync();

        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(image.Path, other, Token));
        WrittenImage.AssertSame(before, await image.FilesAsync());
        await image.WriteAsync(plan, []);
        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(image.Path, other, Token));

        var foreign = new WrittenImage(_folder, "b", format);
        await File.WriteAllTextAsync(foreign.Path, "precious", Token);
        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(foreign.Path, plan, Token));
        Assert.Equal("precious", await File.ReadAllTextAsync(foreign.Path, Token));
    }

    [Theory]
    [MemberData(nameof(WritableVariants.Large), MemberType = typeof(WritableVariants))]
    public async Task WriteAndReopen_DiskOver2TiB_HoldsWhatWasWritten(DiskImageFormat format, DiskImageVariant variant)
    {
        const long Capacity = (2L << 40) + (77L << 30) + 512;
        var random = Seed.New();
        var places = Places(random, Capacity);
        var plan = new DiskImagePlan { Format = format, Variant = variant, Capacity = Capacity, Allocated = places, DiskId = Guid.NewGuid() };
        var pieces = places.Select((p, i) => new Piece(p.Offset, Pattern(i, p.Length))).ToList();
        var image = new WrittenImage(_folder, "a", format);
        await image.WriteAsync(plan, pieces, writers: 2);
        await AssertHoldsAsync(image, Capacity, pieces, places.Count);

        var changed = Places(random, Capacity);
        pieces.AddRange(changed.Select((p, i) => new Piece(p.Offset, Pattern(places.Count + i, p.Length))));
        await image.ReopenAsync(new DiskImageDelta { Changed = changed, DeltaId = Guid.NewGuid() }, pieces[places.Count..], writers: 2);
        await AssertHoldsAsync(image, Capacity, pieces, changed.Count);
    }

    internal static void Apply(IEnumerable<Piece> pieces, byte[] content)
    {
        foreach (var piece in pieces)
        {
            piece.Bytes.CopyTo(content, piece.Offset);
        }
    }

    private async Task AssertHoldsAsync(WrittenImage image, long capacity, List<Piece> pieces, int lastCount)
    {
        var raw = _folder["expected"];
        await using (var file = File.Create(raw))
        {
            file.SetLength(capacity);
            foreach (var piece in pieces)
            {
                file.Position = piece.Offset;
                await file.WriteAsync(piece.Bytes, Token);
            }
        }

        await using (var reader = await image.OpenAsync())
        await using (var expected = await Images.OpenAsync(raw, DiskImageFormat.Raw))
        {
            Assert.Equal(capacity, reader.Capacity);
            Assert.Null((await ImageComparer.CompareAsync(reader, expected, cancellationToken: Token)).FirstDifference);
        }

        // QEMU would read every byte of some formats to compare them.
        await image.AssertPatternsAsync(pieces.Skip(pieces.Count - lastCount));
    }

    /// <summary>Places at both ends, around powers of two where tables and numbers end, and some anywhere.</summary>
    private static List<DiskRange> Places(Random random, long capacity)
    {
        var places = new List<DiskRange> { new(0, 512) };
        foreach (var at in Enumerable.Range(20, 22).Select(i => (1L << i) - 512).Concat(Enumerable.Range(0, 20).Select(_ => random.NextInt64(capacity / 512) * 512)).Order())
        {
            var offset = Math.Max(at - (random.Next(2) * 4096), places[^1].End);
            if (offset + 2048 < capacity - 512)
            {
                places.Add(new DiskRange(offset, random.Next(1, 2048)));
            }
        }

        places.Add(new DiskRange(capacity - 512, 512));
        return places;
    }

    private static byte[] Pattern(int number, long length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)(1 + (number % 251)));
        return bytes;
    }
}
