namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>A range of a file that a web server was asked for and began to send.</summary>
/// <param name="Path">Path of the request.</param>
/// <param name="From">First byte.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct ServedRange(string Path, long From, long Length)
{
    private long End => From + Length;

    /// <summary>Bytes of <paramref name="later"/> that <paramref name="earlier"/> has too.</summary>
    public static long Overlap(IEnumerable<ServedRange> earlier, IEnumerable<ServedRange> later)
    {
        var known = earlier.ToLookup(range => range.Path);
        return later.Sum(range => known[range.Path].Sum(other => Math.Max(0, Math.Min(range.End, other.End) - Math.Max(range.From, other.From))));
    }
}
