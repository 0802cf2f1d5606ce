using System.Numerics;

namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>Reads the description of a distribution (RFC 8878 section 4.1.1, "FSE Table Description"): bits from the start, lowest first.</summary>
internal ref struct FseDistribution
{
    private const int LogBits = 4;
    private const int MinimumLog = 5;

    private readonly ReadOnlySpan<byte> _data;
    private int _position;

    private FseDistribution(ReadOnlySpan<byte> data) => _data = data;

    /// <summary>Reads a description.</summary>
    /// <param name="data">Begins with the description.</param>
    /// <param name="shares">Takes the share of each symbol; as long as there are symbols.</param>
    /// <param name="maximumLog">Largest accuracy that is allowed.</param>
    /// <param name="log">The accuracy.</param>
    /// <param name="symbols">Symbols up to the last one that has a share.</param>
    /// <returns>Bytes of the description.</returns>
    /// <exception cref="InvalidDataException">The description is damaged.</exception>
    internal static int Read(ReadOnlySpan<byte> data, Span<short> shares, int maximumLog, out int log, out int symbols)
    {
        var reader = new FseDistribution(data);
        log = (int)reader.Take(LogBits) + MinimumLog;
        symbols = 0;
        if (log > maximumLog)
        {
            throw new InvalidDataException("A zstd distribution is more accurate than allowed.");
        }

        var left = 1 << log;
        while (left > 0)
        {
            Require(symbols < shares.Length);
            var share = reader.TakeValue(left + 1) - 1;
            left -= Math.Abs(share);
            shares[symbols++] = (short)share;
            for (uint zeros = share == 0 ? 3u : 0; zeros == 3;)
            {
                zeros = reader.Take(2);
                Require(symbols + (int)zeros <= shares.Length);
                shares.Slice(symbols, (int)zeros).Clear();
                symbols += (int)zeros;
            }
        }

        var bytes = (reader._position + 7) / 8;
        Require(bytes <= data.Length);
        return bytes;
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("A zstd distribution is damaged.");
        }
    }

    /// <summary>A value of 0 to a maximum: as many small values as the bits would be wasted on take one bit less.</summary>
    private int TakeValue(int maximum)
    {
        var bits = BitOperations.Log2((uint)maximum);
        var small = (2 << bits) - 1 - maximum;
        var value = (int)Peek(bits);
        if (value < small)
        {
            _position += bits;
            return value;
        }

        value = (int)Take(bits + 1);
        return value < 1 << bits ? value : value - small;
    }

    private uint Take(int count)
    {
        var value = Peek(count);
        _position += count;
        return value;
    }

    /// <summary>Up to 17 bits; zeros behind the end.</summary>
    private readonly uint Peek(int count)
    {
        uint bytes = 0;
        for (var i = 0; i < sizeof(uint); i++)
        {
            var index = (_position >> 3) + i;
            bytes |= index < _data.Length ? (uint)_data[index] << (i * 8) : 0;
        }

        return (bytes >> (_position & 7)) & ((1u << count) - 1);
    }
}
