namespace Ferry.Contracts.Conversions;

/// <summary>Bytes that a step dealt with.</summary>
public sealed record ByteCounts
{
    /// <summary>Bytes read from the source or the chunk store.</summary>
    public long Read { get; init; }

    /// <summary>Bytes that are zero and were neither moved nor stored.</summary>
    public long Zero { get; init; }

    /// <summary>Bytes that no file system of the guest uses: they are not read, and are zero in the image.</summary>
    public long Unused { get; init; }

    /// <summary>Bytes that were there already and were not moved again.</summary>
    public long Deduplicated { get; init; }

    /// <summary>Bytes written to the chunk store or to an image.</summary>
    public long Written { get; init; }

    /// <summary>Bytes that were received once more, because a worker died before it had proven them; also counted as read. At most a slice per connection and death.</summary>
    public long Resent { get; init; }

    /// <summary>The sum of two counts.</summary>
    public static ByteCounts operator +(ByteCounts left, ByteCounts right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new ByteCounts
        {
            Read = left.Read + right.Read,
            Zero = left.Zero + right.Zero,
            Unused = left.Unused + right.Unused,
            Deduplicated = left.Deduplicated + right.Deduplicated,
            Written = left.Written + right.Written,
            Resent = left.Resent + right.Resent,
        };
    }

    /// <summary>The sum of two counts.</summary>
    public static ByteCounts Add(ByteCounts left, ByteCounts right) => left + right;
}
