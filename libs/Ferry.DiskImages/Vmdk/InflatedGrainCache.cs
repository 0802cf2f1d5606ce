namespace Ferry.DiskImages.Vmdk;

/// <summary>The last few inflated grains, for reads smaller than a grain. Entries are immutable, so readers need no lock.</summary>
internal sealed class InflatedGrainCache
{
    private const int Slots = 64;
    private const int MaximumBytes = 8 * 1024 * 1024;

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>Copies from a grain when it is there.</summary>
    internal bool TryCopy(long grain, int skip, Span<byte> target)
    {
        var entry = Volatile.Read(ref _entries[grain % Slots]);
        if (entry?.Grain != grain)
        {
            return false;
        }

        entry.Bytes.AsSpan(skip, target.Length).CopyTo(target);
        return true;
    }

    /// <summary>Keeps a grain; grains too large for the bound are not kept.</summary>
    internal void Add(long grain, byte[] bytes)
    {
        if ((long)bytes.Length * Slots <= MaximumBytes)
        {
            Volatile.Write(ref _entries[grain % Slots], new Entry(grain, bytes));
        }
    }

    private sealed record Entry(long Grain, byte[] Bytes);
}
