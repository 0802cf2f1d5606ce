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
    /// <param name="hive">All bytes; replaced where the hive grows.</param>
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

        return (chain.Entries.Count > 0 ? Apply(ref hive, chain, isHeaderRight) : ApplyOld(ref hive, logs, isHeaderRight))
            ?? throw new HiveException(
                HiveErrors.LogUnreplayable, "The hive was not written to its end, and its logs are of another hive, older, or damaged: start the machine and shut it down, then copy the hive with its logs.", options.Name);
    }

    private static void Restore(byte[] hive, ReadOnlyMemory<byte> log)
    {
        hive.AsSpan(0, BaseBlock.Size).Clear();
        log.Span[..BaseBlock.LogSize].CopyTo(hive);
    }

    private static void Finish(byte[] hive, uint sequence)
    {
        var header = new BaseBlock(hive) { Type = 0, Sequence1 = sequence, Sequence2 = sequence };
        header.SetChecksum();
    }

    private HiveRecovery Apply(ref byte[] hive, LogChain chain, bool isHeaderRight)
    {
        if (!isHeaderRight)
        {
            Restore(hive, chain.Entries[^1].Log.Content);
        }

        foreach (var (_, entry) in chain.Entries)
        {
            Write(ref hive, entry.BinsSize, entry.Pages);
            var header = new BaseBlock(hive) { Flags = entry.Flags };
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

    private HiveRecovery? ApplyOld(ref byte[] hive, List<HiveLog> logs, bool isHeaderRight)
    {
        if (hive.Length < BaseBlock.Size + CellStore.BinUnit)
        {
            return null;
        }

        var time = OldLog.TimeOf(hive, isHeaderRight);
        foreach (var log in logs.Where(x => LogHeader.IsOld(x.Content)))
        {
            var header = LogHeader.Of(log.Content);

            // Windows XP counts its log one behind the hive, later ones do not.
            var isOfThisWrite = !isHeaderRight || (LogHeader.Fits(log.Content, hive) && new BaseBlock(hive).Sequence1 - header.Sequence1 is 0 or 1);
            if (header.Time != time || !isOfThisWrite || header.BinsSize == 0 || header.BinsSize % CellStore.BinUnit != 0 || OldLog.Read(log.Content, header.BinsSize) is not { } pages)
            {
                continue;
            }

            var sequence = isHeaderRight ? new BaseBlock(hive).Sequence1 : header.Sequence1;
            if (!isHeaderRight)
            {
                Restore(hive, log.Content);
            }

            Write(ref hive, header.BinsSize, pages);
            Finish(hive, sequence);
            return new HiveRecovery { Logs = [log.Name], Entries = 1, Pages = pages.Count, IsHeaderRecovered = !isHeaderRight };
        }

        return null;
    }

    private void Write(ref byte[] hive, uint binsSize, IReadOnlyList<(int Offset, ReadOnlyMemory<byte> Bytes)> pages)
    {
        if (BaseBlock.Size + (long)binsSize > options.MaxBytes)
        {
            throw new HiveException(HiveErrors.TooLarge, $"A log says that the hive has {binsSize} bytes; {options.MaxBytes} are allowed.", options.Name);
        }

        // A claim costs memory only where there are bytes to it: what a log adds it has to hold.
        var end = pages.Select(x => BaseBlock.Size + (long)x.Offset + x.Bytes.Length).DefaultIfEmpty().Max();
        if (end > hive.Length)
        {
            Array.Resize(ref hive, (int)end);
        }

        foreach (var (offset, bytes) in pages)
        {
            bytes.Span.CopyTo(hive.AsSpan(BaseBlock.Size + offset));
        }

        var header = new BaseBlock(hive) { BinsSize = binsSize };
    }
}
