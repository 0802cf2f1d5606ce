namespace Ferry.DiskImages.FileSystems;

/// <summary>
/// Collects the unused ranges of a volume in ascending order, joined where they touch. Memory is bounded: when there are too many, the shortest are dropped -
/// they count as used then - and only longer ones are kept from there on.
/// </summary>
/// <param name="minimumLength">Ranges shorter than this are dropped.</param>
/// <param name="mostRanges">How many ranges are kept at most.</param>
internal sealed class UnusedRanges(long minimumLength = 1, int mostRanges = UnusedRanges.DefaultMost)
{
    /// <summary>Default of the most ranges that are kept: 16 MiB of memory.</summary>
    internal const int DefaultMost = 1 << 20;

    private readonly List<DiskRange> _ranges = [];
    private long _start;
    private long _end;

    /// <summary>Sum of all ranges that were added, those that were dropped included.</summary>
    internal long Bytes { get; private set; }

    /// <summary>The length below which ranges are dropped by now.</summary>
    internal long MinimumLength { get; private set; } = minimumLength;

    /// <summary>Adds a range.</summary>
    /// <exception cref="VolumeRefusedException">It does not lie behind the range before: the structure it comes from is damaged.</exception>
    internal void Add(long offset, long length)
    {
        if (length <= 0 || offset < _end)
        {
            throw VolumeRefusedException.Inconsistent($"The unused range at byte {offset} is empty, or overlaps another.");
        }

        Bytes += length;
        if (offset != _end)
        {
            Keep();
            _start = offset;
        }

        _end = offset + length;
    }

    /// <summary>The ranges. Nothing is added afterwards.</summary>
    internal IReadOnlyList<DiskRange> Complete()
    {
        Keep();
        _start = _end;
        return _ranges;
    }

    private void Keep()
    {
        if (_end - _start < Math.Max(1, MinimumLength))
        {
            return;
        }

        _ranges.Add(new DiskRange(_start, _end - _start));
        while (_ranges.Count > mostRanges)
        {
            MinimumLength = Math.Max(1, MinimumLength) * 2;
            _ranges.RemoveAll(range => range.Length < MinimumLength);
        }
    }
}
