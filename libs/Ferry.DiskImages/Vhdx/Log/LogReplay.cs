using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhdx.Log;

/// <summary>
/// Replays the log of a file that was not closed cleanly (MS-VHDX 2.3.2, 2.3.3), in memory: the file itself is never written. The active sequence is the
/// one with the highest sequence number whose entries are all valid and that leads back to its own tail.
/// </summary>
internal sealed class LogReplay
{
    private const uint MaximumLogLength = 32 * 1024 * 1024;
    private const ulong MaximumFileOffset = 1UL << 60;

    private readonly byte[] _log;
    private readonly Guid _logId;
    private readonly Dictionary<uint, LogEntryHeader?> _entries = [];

    private LogReplay(byte[] log, Guid logId)
    {
        _log = log;
        _logId = logId;
    }

    /// <summary>The file as it is after its log has been replayed.</summary>
    internal static async ValueTask<IByteSource> OpenAsync(IByteSource source, VhdxHeader header, CancellationToken cancellationToken)
    {
        if (header.LogVersion != 0 || header.LogLength is 0 or > MaximumLogLength || header.LogLength % VhdxGeometry.Alignment != 0 || header.LogOffset > long.MaxValue)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The log must be replayed, but its place or version is impossible.", source.Name);
        }

        SourceBounds.Require(source, (long)header.LogOffset, header.LogLength, "log");
        var log = new byte[header.LogLength];
        await source.ReadAsync((long)header.LogOffset, log, cancellationToken).ConfigureAwait(false);
        return new LogReplay(log, header.LogId).Apply(source, (long)header.LogOffset, cancellationToken);
    }

    private ReplayedByteSource Apply(IByteSource source, long logOffset, CancellationToken cancellationToken)
    {
        var sequence = FindActiveSequence(cancellationToken);
        if (sequence.Count == 0)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The log must be replayed, but holds no valid sequence of entries.", source.Name, logOffset);
        }

        var last = Entry(sequence[^1])!.Value;
        if (last.FlushedFileOffset > (ulong)source.Length || last.LastFileOffset > MaximumFileOffset)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Truncated, $"The log says that the file had {last.FlushedFileOffset} bytes.", source.Name);
        }

        var replayed = new ReplayedByteSource(source, Math.Max(source.Length, (long)last.LastFileOffset));
        foreach (var offset in sequence)
        {
            Replay(offset, replayed);
        }

        return replayed;
    }

    /// <summary>Offsets in the log of the entries to replay, oldest first.</summary>
    private List<uint> FindActiveSequence(CancellationToken cancellationToken)
    {
        List<uint> best = [];
        ulong bestNumber = 0;
        var followed = new HashSet<uint>();
        for (uint start = 0; start < _log.Length; start += LogEntryHeader.SectorSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Entry(start) is not { SequenceNumber: > 0 } || followed.Contains(start))
            {
                continue;
            }

            var sequence = Follow(start);
            followed.UnionWith(sequence);
            var head = Entry(sequence[^1])!.Value;
            var tail = sequence.IndexOf(head.Tail);
            if (tail >= 0 && head.SequenceNumber > bestNumber)
            {
                best = sequence[tail..];
                bestNumber = head.SequenceNumber;
            }
        }

        return best;
    }

    /// <summary>The entries that follow each other from one on.</summary>
    private List<uint> Follow(uint start)
    {
        var sequence = new List<uint> { start };
        var current = Entry(start)!.Value;
        long length = current.EntryLength;
        for (var next = Wrap(start + current.EntryLength);
            length < _log.Length && Entry(next) is { } entry && entry.SequenceNumber == current.SequenceNumber + 1;
            next = Wrap(next + entry.EntryLength))
        {
            sequence.Add(next);
            length += entry.EntryLength;
            current = entry;
        }

        return sequence;
    }

    /// <summary>The entry at an offset when it is whole and valid; looked at once.</summary>
    private LogEntryHeader? Entry(uint offset)
    {
        if (!_entries.TryGetValue(offset, out var entry))
        {
            _entries[offset] = entry = Validate(offset);
        }

        return entry;
    }

    private LogEntryHeader? Validate(uint offset)
    {
        var bytes = _log.AsSpan((int)offset);
        if (!LogEntryHeader.IsMatch(bytes))
        {
            return null;
        }

        var header = LogEntryHeader.Read(bytes);
        var isPossible = header.LogId == _logId
            && header.EntryLength >= LogEntryHeader.SectorSize
            && header.EntryLength % LogEntryHeader.SectorSize == 0
            && header.EntryLength <= _log.Length
            && header.Tail < _log.Length
            && header.Tail % LogEntryHeader.SectorSize == 0
            && DescriptorBytes(header) <= header.EntryLength;
        if (!isPossible)
        {
            return null;
        }

        var whole = Copy(offset, header.EntryLength);
        return LogEntryHeader.HasValidChecksum(whole) && HasValidDescriptors(whole, header) ? header : null;
    }

    private static bool HasValidDescriptors(ReadOnlySpan<byte> entry, LogEntryHeader header)
    {
        var data = DescriptorBytes(header);
        for (var i = 0; i < header.DescriptorCount; i++)
        {
            var bytes = entry[(LogEntryHeader.Size + (i * LogDescriptor.Size))..];
            if (!LogDescriptor.IsMatch(bytes))
            {
                return false;
            }

            var descriptor = LogDescriptor.Read(bytes);
            if (descriptor.SequenceNumber != header.SequenceNumber
                || descriptor.FileOffset > MaximumFileOffset
                || descriptor.FileOffset % LogEntryHeader.SectorSize != 0)
            {
                return false;
            }

            if (descriptor.IsZero)
            {
                continue;
            }

            if (data + LogDataSector.Size > entry.Length
                || !LogDataSector.IsMatch(entry[(int)data..])
                || LogDataSector.Read(entry.Slice((int)data, LogDataSector.Size)).SequenceNumber != header.SequenceNumber)
            {
                return false;
            }

            data += LogDataSector.Size;
        }

        return true;
    }

    private void Replay(uint offset, ReplayedByteSource target)
    {
        var header = Entry(offset)!.Value;
        var entry = Copy(offset, header.EntryLength);
        var data = (int)DescriptorBytes(header);
        for (var i = 0; i < header.DescriptorCount; i++)
        {
            var descriptor = LogDescriptor.Read(entry.AsSpan(LogEntryHeader.Size + (i * LogDescriptor.Size)));
            if (descriptor.IsZero)
            {
                target.Clear((long)descriptor.FileOffset, descriptor.LeadingOrLength);
                continue;
            }

            target.Replace((long)descriptor.FileOffset, LogDataSector.Restore(entry.AsSpan(data, LogDataSector.Size), descriptor));
            data += LogDataSector.Size;
        }
    }

    /// <summary>Bytes of header and descriptors, rounded up to sectors: where the data sectors begin.</summary>
    private static long DescriptorBytes(LogEntryHeader header) =>
        (LogEntryHeader.Size + ((long)header.DescriptorCount * LogDescriptor.Size) + LogEntryHeader.SectorSize - 1) / LogEntryHeader.SectorSize * LogEntryHeader.SectorSize;

    /// <summary>Bytes of the log, which is a ring.</summary>
    private byte[] Copy(uint offset, uint length)
    {
        var bytes = new byte[length];
        var first = (int)Math.Min(length, _log.Length - offset);
        _log.AsSpan((int)offset, first).CopyTo(bytes);
        _log.AsSpan(0, (int)length - first).CopyTo(bytes.AsSpan(first));
        return bytes;
    }

    private uint Wrap(uint offset) => offset % (uint)_log.Length;
}
