namespace Ferry.Hives.Logs;

/// <summary>The entries of all new logs that follow one another, and whether there are others that should have.</summary>
internal sealed class LogChain
{
    /// <summary>Whole entries that are looked at beside the chain; more are a reason to refuse.</summary>
    private const int MostStrays = 16;

    private readonly IReadOnlyList<HiveLog> _all;

    private readonly HashSet<string> _readable;

    private LogChain(IReadOnlyList<HiveLog> all, IEnumerable<NewLog> readable, IReadOnlyList<(NewLog Log, LogEntry Entry)> entries)
    {
        _all = all;
        _readable = [.. readable.Select(x => x.Name)];
        Entries = entries;
    }

    public IReadOnlyList<(NewLog Log, LogEntry Entry)> Entries { get; }

    /// <summary>The chain behind what a hive holds.</summary>
    /// <param name="all">All logs, whatever they are.</param>
    /// <param name="logs">Those of them that fit the hive.</param>
    /// <param name="from">The sequence number up to which the hive is written; null where its base block is gone.</param>
    public static LogChain Of(IReadOnlyList<HiveLog> all, IEnumerable<NewLog> logs, uint? from)
    {
        var readable = logs.ToList();
        var sorted = readable.OrderBy(x => x.First).ToList();
        if (from is null)
        {
            // What cannot be followed up to the newest log was written before it began.
            var start = Enumerable.Range(1, Math.Max(0, sorted.Count - 1)).LastOrDefault(i => !Follows(sorted[i - 1], sorted[i]));
            sorted = sorted[start..];
        }

        var entries = new List<(NewLog Log, LogEntry Entry)>();
        foreach (var log in sorted)
        {
            foreach (var entry in log.Entries.Where(x => x.Sequence >= (from ?? 0)))
            {
                if (entries.Count == 0 || entry.Sequence == entries[^1].Entry.Sequence + 1)
                {
                    entries.Add((log, entry));
                }
            }
        }

        return new LogChain(all, readable, entries);
    }

    /// <summary>The highest sequence number in a log's header and in all entries that may once be taken for its own; 0 where it has none.</summary>
    public static uint HighestSequence(HiveLog log)
    {
        var highest = log.Content.Length >= BaseBlock.LogSize && LogHeader.IsAny(log.Content) ? LogHeader.Of(log.Content).Sequence1 : 0;
        for (var at = LogEntry.Sector; at < log.Content.Length; at += LogEntry.Sector)
        {
            highest = Math.Max(highest, LogEntry.SequenceAt(log.Content.Span[at..]) ?? 0);
        }

        return highest;
    }

    /// <summary>The name of a log with changes that the chain does not reach, or null: such are damaged, or what they follow is.</summary>
    public string? Unreached(uint from)
    {
        var next = Entries.Count == 0 ? from : Entries[^1].Entry.Sequence + 1;
        var strays = 0;
        foreach (var log in _all)
        {
            if (BeginsBefore(log, from))
            {
                return log.Name;
            }

            for (var at = LogEntry.Sector; at < log.Content.Length; at += LogEntry.Sector)
            {
                if (LogEntry.SequenceAt(log.Content.Span[at..]) is not { } sequence || sequence < next)
                {
                    continue;
                }

                // The next one after the last may be torn: the machine stopped while it was written, and nobody was told that it was. Any other was.
                if (sequence > next || ++strays > MostStrays || LogEntry.Read(log.Content[at..]) is not null)
                {
                    return log.Name;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Whether a log that cannot be read begins before the chain, but not before what the hive holds. Entries further back in a log say nothing: they are left from before it was begun anew, and
    /// the hive has them, whatever number stands in its base block while it is in use.
    /// </summary>
    private bool BeginsBefore(HiveLog log, uint from)
    {
        if (Entries.Count == 0 || _readable.Contains(log.Name) || log.Content.Length <= LogEntry.Sector)
        {
            return false;
        }

        var first = LogHeader.IsNew(log.Content) ? LogHeader.Of(log.Content).Sequence1 : LogEntry.SequenceAt(log.Content.Span[LogEntry.Sector..]);
        return first >= from && first < Entries[0].Entry.Sequence;
    }

    private static bool Follows(NewLog older, NewLog newer) => newer.First <= older.Last + 1;
}
