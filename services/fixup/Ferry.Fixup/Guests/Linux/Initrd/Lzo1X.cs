namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>Decodes one block of LZO1X, after the description in Linux' Documentation/staging/lzo.rst.</summary>
internal static class Lzo1X
{
    private const int FirstRun = 17;
    private const int AfterRun = 4;
    private const int FarDistance = 16384;
    private const int MiddleDistance = 2049;

    /// <summary>Fills <paramref name="block"/>.</summary>
    /// <exception cref="InitrdException">The data is damaged, or unpacks to another size.</exception>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> block)
    {
        var decoder = new Decoder(source, block);
        decoder.Run();
    }

    /// <summary>What damaged data is reported as.</summary>
    public static InitrdException Corrupt() => new("The LZO data is damaged.");

    private ref struct Decoder(ReadOnlySpan<byte> source, Span<byte> block)
    {
        private readonly ReadOnlySpan<byte> _source = source;
        private readonly Span<byte> _block = block;
        private int _at;
        private int _to;

        // Literals that came with the instruction before: what a small instruction means depends on it. 4 stands for a run of its own.
        private int _state;

        public void Run()
        {
            if (_source.Length > 0 && _source[0] > FirstRun)
            {
                var run = Next() - FirstRun;
                Literals(run);
                _state = Math.Min(run, AfterRun);
            }

            while (Instruction())
            {
            }

            if (_at != _source.Length || _to != _block.Length)
            {
                throw Corrupt();
            }
        }

        private bool Instruction()
        {
            int code = Next();
            switch (code)
            {
                case < 16 when _state == 0:
                    Literals(3 + Length(code, 15));
                    _state = AfterRun;
                    return true;
                case < 16 when _state < AfterRun:
                    return Match(2, (Next() << 2) + (code >> 2) + 1, code & 3);
                case < 16:
                    return Match(3, (Next() << 2) + (code >> 2) + MiddleDistance, code & 3);
                case < 32:
                {
                    var length = 2 + Length(code & 7, 7);
                    var word = Next() | (Next() << 8);
                    var distance = FarDistance + ((code & 8) << 11) + (word >> 2);
                    return distance != FarDistance && Match(length, distance, word & 3);
                }

                case < 64:
                {
                    var length = 2 + Length(code & 31, 31);
                    var word = Next() | (Next() << 8);
                    return Match(length, (word >> 2) + 1, word & 3);
                }

                default:
                    return Match((code >> 5) + 1, (Next() << 3) + ((code >> 2) & 7) + 1, code & 3);
            }
        }

        private byte Next() => _at < _source.Length ? _source[_at++] : throw Corrupt();

        /// <summary>A length of 0 goes on in the following bytes: each zero is 255 more.</summary>
        private int Length(int length, int most)
        {
            if (length != 0)
            {
                return length;
            }

            length = most;
            byte more;
            while ((more = Next()) == 0)
            {
                length = length <= _block.Length ? length + byte.MaxValue : throw Corrupt();
            }

            return length + more;
        }

        private void Literals(int count)
        {
            if (count > _source.Length - _at || count > _block.Length - _to)
            {
                throw Corrupt();
            }

            _source.Slice(_at, count).CopyTo(_block[_to..]);
            _at += count;
            _to += count;
        }

        private bool Match(int length, int distance, int literals)
        {
            if (distance > _to || length > _block.Length - _to)
            {
                throw Corrupt();
            }

            for (var end = _to + length; _to < end; _to++)
            {
                _block[_to] = _block[_to - distance];
            }

            Literals(literals);
            _state = literals;
            return true;
        }
    }
}
