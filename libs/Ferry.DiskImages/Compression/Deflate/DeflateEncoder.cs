namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>
/// Encoder of whole DEFLATE streams (RFC 1951) for decoders with a window of 4 KiB, such as QCOW2 demands; that of the BCL cannot be told to keep to one. It gives
/// the same bytes on every machine and with every version of .NET. Each thread has one, so that a stream costs no allocation.
/// </summary>
internal sealed unsafe class DeflateEncoder
{
    /// <summary>Places to try for a match.</summary>
    private const int Depth = 16;

    /// <summary>The same where a good match is at hand.</summary>
    private const int ShallowDepth = 4;

    /// <summary>A match of this length is good.</summary>
    private const int Good = 12;

    /// <summary>A match of this length is taken without a look at the next place.</summary>
    private const int Enough = 48;

    /// <summary>After this many literals in a row every other place is passed over, after twice as many two of three, and so on: what cannot be compressed costs little.</summary>
    private const int Boredom = 256;

    private const int MaximumMatch = 258;

    /// <summary>Less than the shortest match.</summary>
    private const int NoMatch = 2;

    [ThreadStatic]
    private static DeflateEncoder? s_current;

    private readonly MatchFinder _finder = new();
    private readonly DeflateBlock _block = new();

    /// <summary>Bytes behind the limit that the target must have.</summary>
    internal static int Slack => DeflateBits.Slack;

    /// <summary>Encodes data.</summary>
    /// <param name="data">The data, at most 16 MiB.</param>
    /// <param name="target">Takes the stream; <see cref="Slack"/> bytes longer than <paramref name="limit"/>.</param>
    /// <param name="limit">Most bytes that the stream may have.</param>
    /// <returns>Bytes of the stream; 0 when it would be longer than the limit.</returns>
    internal static int Encode(ReadOnlySpan<byte> data, Span<byte> target, int limit) => (s_current ??= new DeflateEncoder()).EncodeAll(data, target[..(limit + Slack)], limit);

    private int EncodeAll(ReadOnlySpan<byte> data, Span<byte> target, int limit)
    {
        var bits = new DeflateBits(target);
        fixed (byte* start = data)
        {
            var first = _finder.Begin(data.Length);
            var position = 0;
            do
            {
                _block.Clear();
                var begin = position;
                position = FillBlock(start, data.Length, position, first);
                if (!_block.TryWrite(ref bits, data[begin..position], position == data.Length, limit))
                {
                    return 0;
                }
            }
            while (position < data.Length);
        }

        bits.Align();
        return bits.Position;
    }

    /// <summary>Finds literals and matches until the block is full or the data ends. A match waits for the next place, which may have a longer one.</summary>
    private int FillBlock(byte* data, int length, int position, int first)
    {
        var block = _block;
        var finder = _finder;
        var found = 0;
        var foundDistance = 0;
        var literals = 0;

        while (position < length && block.HasRoom)
        {
            var room = Math.Min(length - position, MaximumMatch);
            var best = NoMatch;
            var distance = 0;
            if (room >= MatchFinder.Least && found < Enough)
            {
                best = finder.Find(data, position, room, first, Math.Max(NoMatch, found), found >= Good ? ShallowDepth : Depth, Enough, out distance);
            }
            else if (room >= MatchFinder.Least)
            {
                finder.Enter(data, position, first);
            }

            if (found > 0 && distance == 0)
            {
                // The match of the place before is the better one.
                block.AddMatch(found, foundDistance);
                position = EnterTo(data, length, position + 1, position - 1 + found, first);
                found = 0;
                literals = 0;
                continue;
            }

            if (found > 0)
            {
                block.AddLiteral(data[position - 1]);
            }

            if (distance > 0)
            {
                (found, foundDistance) = (best, distance);
                position++;
                continue;
            }

            block.AddLiteral(data[position++]);
            for (var skip = ++literals / Boredom; skip > 0 && position < length && block.HasRoom; skip--)
            {
                block.AddLiteral(data[position++]);
            }
        }

        if (found > 0)
        {
            // The match that was waiting begins a place before.
            block.AddMatch(found, foundDistance);
            position = EnterTo(data, length, position, position - 1 + found, first);
        }

        return position;
    }

    /// <summary>Enters the places that a match goes over.</summary>
    /// <returns>The end of the match.</returns>
    private int EnterTo(byte* data, int length, int position, int end, int first)
    {
        for (; position < Math.Min(end, length - MatchFinder.Least + 1); position++)
        {
            _finder.Enter(data, position, first);
        }

        return end;
    }
}
