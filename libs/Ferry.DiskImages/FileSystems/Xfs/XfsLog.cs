namespace Ferry.DiskImages.FileSystems.Xfs;

/// <summary>
/// Tells whether the log is clean: the last record in it is that of an unmount, so that nothing has to be replayed (XFS Algorithms and Data Structures,
/// "Journaling Log"). The log is a ring of sectors that carry the number of the cycle in which they were written; its head is where the number changes.
/// </summary>
internal sealed class XfsLog(VolumeSource volume, XfsSuperblock superblock, XfsGeometry geometry)
{
    /// <summary>Sectors that may be written at one time, eight buffers of 256 KiB: a crash leaves disorder within this distance of the head.</summary>
    private const int Window = 8 * 256 * 2;

    /// <summary>The longest record: header, 256 KiB, and padding to the stripe unit, which is at most as much.</summary>
    private const int MostRecordSectors = 16 + (2 * 512);

    private const byte UnmountOperation = 0x20;
    private const int OperationFlagsOffset = 9;

    private readonly long _sectors = geometry.LogLength / XfsLogRecord.Size;

    /// <summary>Requires a clean log.</summary>
    /// <exception cref="VolumeRefusedException">It is not clean, or that cannot be told.</exception>
    internal async ValueTask RequireCleanAsync(CancellationToken cancellationToken)
    {
        if (_sectors < 2)
        {
            throw VolumeRefusedException.Inconsistent("The file system has no log.");
        }

        var first = await CycleAsync(0, cancellationToken).ConfigureAwait(false);
        var last = await CycleAsync(_sectors - 1, cancellationToken).ConfigureAwait(false);
        if (first == 0 || (first != last && last != 0 && last != first - 1))
        {
            throw Dirty();
        }

        // All of one cycle: the head is about to go to the start of the ring.
        var head = first == last ? _sectors : await FindHeadAsync(first, cancellationToken).ConfigureAwait(false);
        await RequireOrderAsync(Math.Max(0, head - Window), head, first, cancellationToken).ConfigureAwait(false);
        await RequireOrderAsync(head, Math.Min(_sectors, head + Window), last, cancellationToken).ConfigureAwait(false);
        await RequireUnmountAsync(head, first, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<long> FindHeadAsync(uint first, CancellationToken cancellationToken)
    {
        var (below, above) = (0L, _sectors - 1);
        while (above - below > 1)
        {
            var middle = (below + above) / 2;
            if (await CycleAsync(middle, cancellationToken).ConfigureAwait(false) == first)
            {
                below = middle;
            }
            else
            {
                above = middle;
            }
        }

        return above;
    }

    private async ValueTask RequireOrderAsync(long from, long to, uint cycle, CancellationToken cancellationToken)
    {
        var bytes = await volume.ReadAsync(geometry.LogOffset + (from * XfsLogRecord.Size), (int)(to - from) * XfsLogRecord.Size, "log", cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < bytes.Length; i += XfsLogRecord.Size)
        {
            if (XfsLogRecord.CycleOf(bytes.AsSpan(i)) != cycle)
            {
                throw Dirty();
            }
        }
    }

    /// <summary>The record that ends at the head has to be an unmount record, the only operation in it.</summary>
    private async ValueTask RequireUnmountAsync(long head, uint cycle, CancellationToken cancellationToken)
    {
        for (var distance = 2; distance <= Math.Min(MostRecordSectors, _sectors); distance++)
        {
            var place = (head - distance + _sectors) % _sectors;
            var sector = await SectorAsync(place, cancellationToken).ConfigureAwait(false);
            if (!XfsLogRecord.IsMatch(sector))
            {
                continue;
            }

            var record = XfsLogRecord.Read(sector);
            var body = (record.Length + (long)XfsLogRecord.Size - 1) / XfsLogRecord.Size;
            // A record that began before the end of the ring carries the cycle before.
            var expected = place < head ? cycle : cycle - 1;
            if (record.Version is not (1 or 2) || record.Cycle != expected || record.Place != (((ulong)expected << 32) | (ulong)place)
                || record.HeaderSectors + body != distance || record.Operations != 1 || record.Uuid != superblock.Uuid)
            {
                break;
            }

            var operation = await SectorAsync((place + record.HeaderSectors) % _sectors, cancellationToken).ConfigureAwait(false);
            if ((operation[OperationFlagsOffset] & UnmountOperation) != 0)
            {
                return;
            }

            break;
        }

        throw Dirty();
    }

    private async ValueTask<uint> CycleAsync(long sector, CancellationToken cancellationToken) =>
        XfsLogRecord.CycleOf(await SectorAsync(sector, cancellationToken).ConfigureAwait(false));

    private ValueTask<byte[]> SectorAsync(long sector, CancellationToken cancellationToken) =>
        volume.ReadAsync(geometry.LogOffset + (sector * XfsLogRecord.Size), XfsLogRecord.Size, "log", cancellationToken);

    private static VolumeRefusedException Dirty() => VolumeRefusedException.Dirty("The log does not end with an unmount: the file system was not unmounted cleanly.");
}
