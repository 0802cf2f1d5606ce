namespace Ferry.Hives.Logs;

/// <summary>A log of the new format (Windows 8.1 and later): entries with hashes and sequence numbers.</summary>
internal sealed class NewLog
{
    private NewLog(string name, ReadOnlyMemory<byte> content, List<LogEntry> entries)
    {
        Name = name;
        Content = content;
        Entries = entries;
    }

    public string Name { get; }

    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>The entries from the first on, each one more than the one before it; what follows the first damaged or older one does not count.</summary>
    public IReadOnlyList<LogEntry> Entries { get; }

    public uint First => Entries[0].Sequence;

    public uint Last => Entries[^1].Sequence;

    /// <summary>The log, or null where it has no entry that can be applied.</summary>
    public static NewLog? Read(HiveLog log)
    {
        if (!LogHeader.IsNew(log.Content))
        {
            return null;
        }

        var expected = LogHeader.Of(log.Content).Sequence1;
        var entries = new List<LogEntry>();
        for (var at = LogEntry.Sector; at < log.Content.Length;)
        {
            if (LogEntry.Read(log.Content[at..]) is not { } entry || entry.Sequence != expected)
            {
                break;
            }

            entries.Add(entry);
            expected = unchecked(expected + 1);
            at += entry.Size;
        }

        return entries.Count == 0 ? null : new NewLog(log.Name, log.Content, entries);
    }
}
