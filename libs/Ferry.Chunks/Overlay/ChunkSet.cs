namespace Ferry.Chunks.Overlay;

/// <summary>A set of chunk indexes as a bitmap whose parts are made when they are first needed. Safe for concurrent use.</summary>
internal sealed class ChunkSet(long chunkCount)
{
    private const int BitsPerPart = 1 << 16;
    private readonly Lock gate = new();
    private readonly ulong[]?[] parts = new ulong[]?[(chunkCount + BitsPerPart - 1) / BitsPerPart];

    /// <summary>Whether the chunk is in the set.</summary>
    public bool Contains(long index)
    {
        ulong[]? part = Volatile.Read(ref parts[index / BitsPerPart]);
        return part is not null && (Volatile.Read(ref part[index % BitsPerPart / 64]) & (1UL << (int)(index % 64))) != 0;
    }

    /// <summary>Puts a chunk into the set.</summary>
    public void Add(long index)
    {
        ulong[]? part = Volatile.Read(ref parts[index / BitsPerPart]);
        if (part is null)
        {
            lock (gate)
            {
                part = parts[index / BitsPerPart] ?? new ulong[BitsPerPart / 64];
                Volatile.Write(ref parts[index / BitsPerPart], part);
            }
        }

        Interlocked.Or(ref part[index % BitsPerPart / 64], 1UL << (int)(index % 64));
    }

    /// <summary>The chunks in ascending order.</summary>
    public IEnumerable<long> Enumerate()
    {
        for (int number = 0; number < parts.Length; number++)
        {
            ulong[]? part = Volatile.Read(ref parts[number]);
            for (int word = 0; part is not null && word < part.Length; word++)
            {
                for (ulong bits = part[word]; bits != 0; bits &= bits - 1)
                {
                    yield return ((long)number * BitsPerPart) + (word * 64) + System.Numerics.BitOperations.TrailingZeroCount(bits);
                }
            }
        }
    }
}
