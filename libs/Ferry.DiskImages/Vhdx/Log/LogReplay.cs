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

    /// <summary>128 TiB: twice the largest disk. A log can make a file of a few bytes as long as that, whose tables are all gone through.</summary>
    private const ulong MaximumFileOffset = 1UL << 47;

    /// <summary>Entries do not overlap but for leftovers of earlier rounds; a log whose headers all claim much of it is not summed up again and again.</summary>
    private const int MaximumRounds = 16;

    private readonly byte[] _log;
    private readonly Guid _logId;
    private readonly Dictionary<uint, LogEntryHeader?> _entries = [];
    private long _checkable;

    private LogReplay(byte[] log, Guid logId)
    {
        _log = log;
        _logId = logId;
        _checkable = (long)log.Length * MaximumRounds;
    }

    /// <summary>The file as it is after its log has been replayed.</summary>
    internal static async ValueTask<IByteSource> OpenAsync(IByteSource source, VhdxHeader header, CancellationToken cancellationToken)
    {
        if (header.LogVersion != 0 || header.LogLength > MaximumLogLength)
        {
            throw new UnsupportedDiskImageException(
                DiskImageErrors.UnsupportedVariant,
                $"A log of version {header.LogVersion} with {header.LogLength} bytes must be replayed, which Ferry cannot; let the program that wrote the image open and close it once.",
                source.Name);
        }

        if (header.LogLength == 0 || header.LogLength % VhdxGeometry.Alignment != 0 || header.LogOffset > long.MaxValue || header.LogOffset % (ulong)VhdxGeometry.Alignment != 0)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The log must be replayed, but its place is impossible.", source.Name);
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

        var head = Entry(sequence[^1])!.Value;
        if (head.LastFileOffset > MaximumFileOffset)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The log says that the file had {head.LastFileOffset} bytes, more than a disk image can have.", source.Name, logOffset);
        }

        if (head.FlushedFileOffset > (ulong)source.Length)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.Truncated, $"The file ends at byte {source.Length}, and its log says that it had {head.FlushedFileOffset}; copy it again.", source.Name);
        }

        // Descriptors may reach behind the end of the file: it grows.
        var length = Math.Max(source.Length, (long)head.LastFileOffset);
        foreach (var offset in sequence)
        {
            cancellationToken.ThrowIfCancellationRequested();
            length = Math.Max(length, EndOf(offset));
        }

        var replayed = new ReplayedByteSource(source, length);
        foreach (var offset in sequence)
        {
            cancellationToken.ThrowIfCancellationRequested();
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

        _checkable -= header.EntryLength;
        if (_checkable < 0)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The entries of the log overlap each other.");
        }

        var whole = Whole(offset, header.EntryLength);
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
                || descriptor.FileOffset % LogEntryHeader.SectorSize != 0
                || (descriptor.IsZero && (descriptor.LeadingOrLength > MaximumFileOffset || descriptor.LeadingOrLength % LogEntryHeader.SectorSize != 0)))
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
        var entry = Whole(offset, header.EntryLength);
        var data = (int)DescriptorBytes(header);
        for (var i = 0; i < header.DescriptorCount; i++)
        {
            var descriptor = LogDescriptor.Read(entry[(LogEntryHeader.Size + (i * LogDescriptor.Size))..]);
            if (descriptor.IsZero)
            {
                target.Clear((long)descriptor.FileOffset, (long)descriptor.LeadingOrLength);
                continue;
            }

            target.Replace((long)descriptor.FileOffset, LogDataSector.Restore(entry.Slice(data, LogDataSector.Size), descriptor));
            data += LogDataSector.Size;
        }
    }

    /// <summary>Bytes of header and descriptors, rounded up to sectors: where the data sectors begin.</summary>
    private static long DescriptorBytes(LogEntryHeader header) =>
        (LogEntryHeader.Size + ((long)header.DescriptorCount * LogDescriptor.Size) + LogEntryHeader.SectorSize - 1) / LogEntryHeader.SectorSize * LogEntryHeader.SectorSize;

    /// <summary>Where the file must end at least for an entry's descriptors.</summary>
    private long EndOf(uint offset)
    {
        var header = Entry(offset)!.Value;
        var entry = Whole(offset, header.EntryLength);
        long end = 0;
        for (var i = 0; i < header.DescriptorCount; i++)
        {
            var descriptor = LogDescriptor.Read(entry[(LogEntryHeader.Size + (i * LogDescriptor.Size))..]);
            end = Math.Max(end, (long)descriptor.FileOffset + (descriptor.IsZero ? (long)descriptor.LeadingOrLength : LogDataSector.Size));
        }

        return end;
    }

    /// <summary>Bytes of the log, which is a ring.</summary>
    private ReadOnlySpan<byte> Whole(uint offset, uint length)
    {
        var first = (int)Math.Min(length, _log.Length - offset);
        return first == length ? _log.AsSpan((int)offset, first) : (byte[])[.. _log.AsSpan((int)offset, first), .. _log.AsSpan(0, (int)length - first)];
    }

    private uint Wrap(uint offset) => offset % (uint)_log.Length;
}
