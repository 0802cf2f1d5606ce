using System.Buffers.Binary;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Manifests;

/// <summary>
/// One page of entries (docs/formats/manifest.md): offset 0 <c>FERRYMP1</c>, 8 number of entries, 12 number of runs, 16 the runs of 4 bytes each
/// (0 state, 1 zero, 2 length less one), then the ids of the entries that have one, in order. Every page has exactly one form.
/// </summary>
internal sealed class ManifestPage
{
    /// <summary>Bytes before the runs.</summary>
    public const int HeaderSize = 16;

    /// <summary>Bytes of a run.</summary>
    public const int RunSize = 4;

    /// <summary>The largest page: every entry another state, every entry an id.</summary>
    public const int MaxSize = HeaderSize + (ManifestHeader.EntriesPerPage * (RunSize + ChunkId.Size));

    private readonly byte[] content;
    private readonly int idsOffset;
    private readonly int[] runStarts;
    private readonly int[] idStarts;

    private ManifestPage(byte[] content, int count, int idsOffset, int[] runStarts, int[] idStarts)
    {
        this.content = content;
        this.idsOffset = idsOffset;
        this.runStarts = runStarts;
        this.idStarts = idStarts;
        Count = count;
    }

    /// <summary><c>FERRYMP1</c>.</summary>
    public static ReadOnlySpan<byte> Magic => "FERRYMP1"u8;

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>Number of runs of entries with equal states.</summary>
    public int RunCount => runStarts.Length;

    /// <summary>Reads a page and checks all of it.</summary>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.BadManifest"/>.</exception>
    public static ManifestPage Read(ReadOnlySpan<byte> source, ChunkId id)
    {
        if (source.Length < HeaderSize || !source[..8].SequenceEqual(Magic))
        {
            throw Bad("is no page", id);
        }

        uint count = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]);
        uint runs = BinaryPrimitives.ReadUInt32LittleEndian(source[12..]);
        if (count is 0 or > ManifestHeader.EntriesPerPage || runs == 0 || runs > count || source.Length < HeaderSize + (runs * RunSize))
        {
            throw Bad("has impossible counts", id);
        }

        var runStarts = new int[runs];
        var idStarts = new int[runs];
        int entries = 0;
        int ids = 0;
        int previous = -1;
        for (int i = 0; i < runs; i++)
        {
            ReadOnlySpan<byte> run = source.Slice(HeaderSize + (i * RunSize), RunSize);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(run[2..]) + 1;
            if (run[0] > (byte)ChunkState.OriginHashed || run[0] == previous || run[1] != 0 || length > count - entries)
            {
                throw Bad("has a malformed run", id);
            }

            previous = run[0];
            runStarts[i] = entries;
            idStarts[i] = ids;
            entries += length;
            ids += ((ChunkState)run[0]).HasId() ? length : 0;
        }

        int idsOffset = HeaderSize + (int)(runs * RunSize);
        if (entries != count || source.Length != idsOffset + (ids * ChunkId.Size))
        {
            throw Bad("has a wrong length", id);
        }

        return new ManifestPage(source.ToArray(), entries, idsOffset, runStarts, idStarts);
    }

    /// <summary>Writes a page.</summary>
    /// <param name="states">One for each entry.</param>
    /// <param name="ids">Those of the entries that have one, in order.</param>
    /// <param name="destination">At least <see cref="MaxSize"/> bytes.</param>
    /// <returns>Number of bytes written.</returns>
    public static int Write(ReadOnlySpan<ChunkState> states, ReadOnlySpan<byte> ids, Span<byte> destination)
    {
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], states.Length);
        int offset = HeaderSize;
        for (int start = 0; start < states.Length;)
        {
            int length = states[start..].IndexOfAnyExcept(states[start]);
            length = length < 0 ? states.Length - start : length;
            destination[offset] = (byte)states[start];
            destination[offset + 1] = 0;
            BinaryPrimitives.WriteUInt16LittleEndian(destination[(offset + 2)..], (ushort)(length - 1));
            offset += RunSize;
            start += length;
        }

        BinaryPrimitives.WriteInt32LittleEndian(destination[12..], (offset - HeaderSize) / RunSize);
        ids.CopyTo(destination[offset..]);
        return offset + ids.Length;
    }

    /// <summary>The run that holds an entry.</summary>
    public int FindRun(int index)
    {
        int found = Array.BinarySearch(runStarts, index);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>State and bounds of a run.</summary>
    public (ChunkState State, int Start, int End) GetRun(int run) =>
        ((ChunkState)content[HeaderSize + (run * RunSize)], runStarts[run], run + 1 < runStarts.Length ? runStarts[run + 1] : Count);

    /// <summary>One entry of a known run.</summary>
    public ManifestEntry GetEntry(int run, int index)
    {
        var state = (ChunkState)content[HeaderSize + (run * RunSize)];
        return new ManifestEntry(state, state.HasId() ? GetId(idStarts[run] + index - runStarts[run]) : default);
    }

    private static ChunkStoreException Bad(string what, ChunkId id) =>
        new(ChunkStoreErrors.BadManifest, $"A page of the manifest {what}. Capture the disk again.", id.ToString());

    private ChunkId GetId(int number) => new(content.AsSpan(idsOffset + (number * ChunkId.Size), ChunkId.Size));
}
