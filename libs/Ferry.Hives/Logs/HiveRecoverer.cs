using Ferry.Hives.Cells;

namespace Ferry.Hives.Logs;

/// <summary>Brings a hive that was not written to its end to what its logs say, or refuses.</summary>
internal sealed class HiveRecoverer(HiveOpenOptions options)
{
    /// <summary>Hives with logs of the new format have so many, one of them often empty.</summary>
    private const int LogsOfHive = 2;

    /// <summary>Whether a hive was not written to its end.</summary>
    public static bool IsDirty(Span<byte> hive)
    {
        var header = new BaseBlock(hive);
        return !header.HasSignature || !header.IsChecksumRight || header.Sequence1 != header.Sequence2;
    }

    /// <summary>Recovers.</summary>
    /// <param name="hive">All bytes; replaced where the hive grows, and only when it is recovered.</param>
    public HiveRecovery Recover(ref byte[] hive)
    {
        var header = new BaseBlock(hive);
        var isHeaderRight = header.HasSignature && header.IsChecksumRight;
        var logs = options.Logs.Where(x => !x.Content.IsEmpty).ToList();
        if (logs.Count == 0)
        {
            if (!header.HasSignature)
            {
                throw new HiveException(HiveErrors.Unsupported, "The file is no registry hive.", options.Name, 0);
            }

            throw new HiveException(HiveErrors.Dirty, "The hive was not written to its end, and there is no log to recover it from: start the machine and shut it down, then copy the hive with its logs.", options.Name);
        }

        var bytes = hive;
        var fitting = logs.Where(x => LogHeader.IsNew(x.Content) && (!isHeaderRight || LogHeader.Fits(x.Content, bytes))).Select(NewLog.Read).OfType<NewLog>();
        var chain = LogChain.Of(logs, fitting, isHeaderRight ? header.Sequence2 : null);
        var from = isHeaderRight ? header.Sequence2 : 0;
        if (chain.Unreached(from) is { } lost)
        {
            throw new HiveException(HiveErrors.LogIncomplete, "The log holds changes that cannot be applied, as it or another log of the hive is damaged or not there.", lost);
        }

        // The numbers of a hive in use are behind those of its logs, so a log that was not given leaves no other trace.
        if (isHeaderRight && chain.Entries.Count > 0 && chain.Entries[0].Entry.Sequence > from && options.Logs.Count < LogsOfHive)
        {
            throw new HiveException(HiveErrors.LogIncomplete, "The log does not begin where the hive ends: give its other log too, also when that is empty.", chain.Entries[0].Log.Name);
        }

        var file = new GrowingFile((byte[])hive.Clone());
        var recovery = (chain.Entries.Count > 0 ? Apply(file, chain, isHeaderRight) : ApplyOld(file, logs, isHeaderRight))
            ?? throw new HiveException(
                HiveErrors.LogUnreplayable, "The hive was not written to its end, and its logs are of another hive, older, or damaged: start the machine and shut it down, then copy the hive with its logs.", options.Name);
        hive = file.ToArray();
        return recovery;
    }

    private static void Restore(GrowingFile hive, ReadOnlyMemory<byte> log)
    {
        hive.Span[..BaseBlock.Size].Clear();
        log.Span[..BaseBlock.LogSize].CopyTo(hive.Span);
    }

    private static void Finish(GrowingFile hive, uint sequence)
    {
        var header = hive.Header;
        header.Type = 0;
        header.Sequence1 = sequence;
        header.Sequence2 = sequence;
        header.SetChecksum();
    }

    private HiveRecovery Apply(GrowingFile hive, LogChain chain, bool isHeaderRight)
    {
        if (!isHeaderRight)
        {
            Restore(hive, chain.Entries[^1].Log.Content);
        }

        foreach (var (log, entry) in chain.Entries)
        {
            Write(hive, log.Name, entry.BinsSize, entry.Pages);
            var header = hive.Header;
            header.Flags = entry.Flags;
        }

        Finish(hive, chain.Entries[^1].Entry.Sequence);
        return new HiveRecovery
        {
            Logs = [.. chain.Entries.Select(x => x.Log.Name).Distinct()],
            Entries = chain.Entries.Count,
            Pages = chain.Entries.Sum(x => x.Entry.Pages.Count),
            IsHeaderRecovered = !isHeaderRight,
        };
    }

    private HiveRecovery? ApplyOld(GrowingFile hive, List<HiveLog> logs, bool isHeaderRight)
    {
        if (hive.Span.Length < BaseBlock.Size + CellStore.BinUnit)
        {
            return null;
        }

        var time = OldLog.TimeOf(hive.Span, isHeaderRight);
        foreach (var log in logs.Where(x => LogHeader.IsOld(x.Content)))
        {
            var header = LogHeader.Of(log.Content);

            // Windows XP counts its log one behind the hive, later ones do not.
            var isOfThisWrite = !isHeaderRight || (LogHeader.Fits(log.Content, hive.Span) && hive.Header.Sequence1 - header.Sequence1 is 0 or 1);
            if (header.Time != time || !isOfThisWrite || header.BinsSize == 0 || header.BinsSize % CellStore.BinUnit != 0 || OldLog.Read(log.Content, header.BinsSize) is not { } pages)
            {
                continue;
            }

            var sequence = isHeaderRight ? hive.Header.Sequence1 : header.Sequence1;
            if (!isHeaderRight)
            {
                Restore(hive, log.Content);
            }

            Write(hive, log.Name, header.BinsSize, pages);
            Finish(hive, sequence);
            return new HiveRecovery { Logs = [log.Name], Entries = 1, Pages = pages.Count, IsHeaderRecovered = !isHeaderRight };
        }

        return null;
    }

    private void Write(GrowingFile hive, string log, uint binsSize, IReadOnlyList<(int Offset, ReadOnlyMemory<byte> Bytes)> pages)
    {
        if (BaseBlock.Size + (long)binsSize > options.MaxBytes)
        {
            throw new HiveException(HiveErrors.TooLarge, $"A log says that the hive has {binsSize} bytes; {options.MaxBytes} are allowed.", options.Name);
        }

        // A bin that was added is in the log as a whole.
        if (pages.OrderBy(x => x.Offset).Any(page => !hive.TryWrite(BaseBlock.Size + page.Offset, page.Bytes.Span)))
        {
            throw new HiveException(HiveErrors.LogIncomplete, "The log lacks a part of what was added to the hive.", log);
        }

        var header = hive.Header;
        header.BinsSize = binsSize;
    }
}
