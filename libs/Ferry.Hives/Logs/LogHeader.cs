namespace Ferry.Hives.Logs;

/// <summary>The base block of a log, where it is one that a log can have.</summary>
internal static class LogHeader
{
    private const uint OldType = 1;
    private const uint OldestType = 2;
    private const uint NewType = 6;
    private const int NameOffset = 48;
    private const int NameLength = 64;

    public static bool IsNew(ReadOnlyMemory<byte> log) => IsAny(log) && Of(log).Type == NewType;

    public static bool IsOld(ReadOnlyMemory<byte> log) => IsAny(log) && Of(log).Type is OldType or OldestType;

    public static bool IsAny(ReadOnlyMemory<byte> log)
    {
        if (log.Length < BaseBlock.LogSize)
        {
            return false;
        }

        var header = Of(log);
        return header.HasSignature && header.IsChecksumRight && header.Sequence1 == header.Sequence2;
    }

    public static BaseBlock Of(ReadOnlyMemory<byte> log) => new(log.Span[..BaseBlock.LogSize].ToArray());

    /// <summary>Whether a log can be one of this hive: both name the same file and root. A name that is not there fits all.</summary>
    public static bool Fits(ReadOnlyMemory<byte> log, ReadOnlySpan<byte> hive)
    {
        var (mine, its) = (NameOf(hive), NameOf(log.Span));
        return (mine.Length == 0 || its.Length == 0 || Keys.HiveNames.AreEqual(mine, its)) && new BaseBlock(hive[..BaseBlock.LogSize].ToArray()).Root == Of(log).Root;
    }

    private static string NameOf(ReadOnlySpan<byte> block) => HiveText.Decode(block.Slice(NameOffset, NameLength)).TrimEnd('\0');
}
