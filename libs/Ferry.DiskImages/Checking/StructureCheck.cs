using Ferry.DiskImages.Metadata;

namespace Ferry.DiskImages.Checking;

/// <summary>
/// Compares the used parts of an image with its files and with each other. The files, one behind the other, are gone through in windows, so that memory does not depend on
/// their size; windows in which nothing is, as in files with vast holes, are left out.
/// </summary>
/// <param name="structure">The image.</param>
/// <param name="report">Takes what is wrong.</param>
internal sealed class StructureCheck(IDiskImageStructure structure, Action<ImageCheckError> report)
{
    private const int Sector = SourceBounds.Sector;

    /// <summary>128 GiB: 32 MiB for each of the two maps.</summary>
    private const long WindowSectors = 1L << 28;

    private readonly long[] _starts = new long[structure.OwnFiles.Count + 1];
    private long _gap;
    private long _nextUsed;

    /// <summary>Bytes of the files that belong to nothing.</summary>
    internal long Leaked { get; private set; }

    /// <summary>Bytes of the files.</summary>
    internal long FileBytes { get; private set; }

    /// <summary>Goes through all tables.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < structure.OwnFiles.Count; i++)
        {
            FileBytes += structure.OwnFiles[i].Length;
            _starts[i + 1] = _starts[i] + ((structure.OwnFiles[i].Length + Sector - 1) / Sector);
        }

        var size = Math.Min(WindowSectors, Math.Max(1, _starts[^1]));
        var (owned, touched) = (new SectorMap(size), new SectorMap(size));
        for (long window = 0; window < Math.Max(1, _starts[^1]); window = NextWindow(window, size))
        {
            _nextUsed = _starts[^1];
            await foreach (var range in structure.GetUsedRangesAsync(cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Take(range, window, owned, touched);
            }

            CountGaps(touched, Math.Min(size, _starts[^1] - window));
            owned.Clear();
            touched.Clear();
        }

        EndGap();
    }

    /// <summary>The next window in which something is; what lies between is a gap.</summary>
    private long NextWindow(long window, long size)
    {
        var end = window + size;
        var next = Math.Max(end, _nextUsed < _starts[^1] ? _nextUsed / size * size : _starts[^1]);
        _gap += Math.Max(0, Math.Min(next, _starts[^1]) - end);
        return next;
    }

    private void Take(UsedRange range, long window, SectorMap owned, SectorMap touched)
    {
        var length = structure.OwnFiles[range.File].Length;
        if (range.Offset < 0 || range.Length < 0 || range.Offset > length - range.Length)
        {
            if (window == 0)
            {
                report(Error(range, DiskImageErrors.Truncated, $"does not lie within the file, which ends at byte {length}"));
            }

            if (range.Offset < 0 || range.Offset >= length || range.Length <= 0)
            {
                return;
            }

            range = range with { Length = Math.Min(range.Length, length - range.Offset) };
        }

        var start = (_starts[range.File] * Sector) + range.Offset;
        var end = start + range.Length;
        var last = (end + Sector - 1) / Sector;
        if (last > window + touched.Sectors)
        {
            _nextUsed = Math.Min(_nextUsed, Math.Max(start / Sector, window + touched.Sectors));
        }

        touched.Take(Clamp(start / Sector), Clamp(last));
        var isTaken = range.SharesSectors
            ? owned.Take(Clamp((start + Sector - 1) / Sector), Clamp(end / Sector))
            : owned.Take(Clamp(start / Sector), Clamp(last));
        if (isTaken)
        {
            report(Error(range, DiskImageErrors.Corrupt, "stands where something else does, too"));
        }

        long Clamp(long sector) => Math.Clamp(sector - window, 0, touched.Sectors);
    }

    private void CountGaps(SectorMap touched, long sectors)
    {
        for (long at = 0; at < sectors;)
        {
            var (isTaken, end) = touched.RunFrom(at);
            end = Math.Min(end, sectors);
            if (isTaken)
            {
                EndGap();
            }
            else
            {
                _gap += end - at;
            }

            at = end;
        }
    }

    private void EndGap()
    {
        if (structure.LeakUnit > 0 && _gap * Sector >= structure.LeakUnit)
        {
            Leaked += _gap * Sector;
        }

        _gap = 0;
    }

    private ImageCheckError Error(UsedRange range, string code, string what) => new()
    {
        Code = code,
        Message = range.Number < 0 ? $"The {range.What} ({range.Length} bytes) {what}." : $"The {range.What} {range.Number} ({range.Length} bytes) {what}.",
        File = structure.OwnFiles[range.File].Name,
        Offset = range.Offset,
    };
}
