namespace Ferry.DiskImages.Tests.Writing;

/// <summary>Random plans, deltas and writes.</summary>
internal static class RandomPlans
{
    private const int MiB = 1 << 20;

    /// <summary>A plan of a disk whose size is no multiple of anything but sectors, with ranges that begin and end at any byte.</summary>
    public static DiskImagePlan Plan(Random random, DiskImageFormat format, DiskImageVariant variant, int sectors) => new()
    {
        Format = format,
        Variant = variant,
        Capacity = sectors * 512L,
        Allocated = Ranges(random, sectors * 512L),
        DiskId = NewId(random),
    };

    /// <summary>A delta with random ranges.</summary>
    public static DiskImageDelta Delta(Random random, long capacity) => new() { Changed = Ranges(random, capacity), DeltaId = NewId(random) };

    /// <summary>Pieces that cover the ranges, or most of them, in random order; a quarter of them is zero.</summary>
    public static List<Piece> Pieces(Random random, IReadOnlyList<DiskRange> ranges, bool skipSome)
    {
        var pieces = new List<Piece>();
        foreach (var range in ranges)
        {
            for (var at = range.Offset; at < range.End;)
            {
                var length = (int)Math.Min(range.End - at, random.Next(1, random.Next(3) == 0 ? 3 * MiB : 70_000));
                var bytes = new byte[length];
                if (random.Next(4) > 0)
                {
                    random.NextBytes(bytes);
                }

                if (!skipSome || random.Next(5) > 0)
                {
                    pieces.Add(new Piece(at, bytes));
                }

                at += length;
            }
        }

        var order = pieces.ToArray();
        random.Shuffle(order);
        return [.. order];
    }

    /// <summary>A 64-digit id.</summary>
    public static string ContentId(Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static Guid NewId(Random random) => new(random.Next(), 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]);

    private static List<DiskRange> Ranges(Random random, long capacity)
    {
        var ranges = new List<DiskRange>();
        var unit = random.Next(3) switch { 0 => 1, 1 => 512, _ => 65536 };
        for (var at = random.NextInt64(0, Math.Min(capacity, 2 * MiB)) / unit * unit; at < capacity;)
        {
            var wanted = random.Next(1, random.Next(2) == 0 ? 20_000 : 3 * MiB);
            var length = Math.Min(capacity - at, (wanted + unit - 1) / unit * unit);
            ranges.Add(new DiskRange(at, length));
            at += length + (random.Next(0, 6 * MiB) / unit * unit);
        }

        return ranges;
    }
}
