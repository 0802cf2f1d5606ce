using System.Runtime.CompilerServices;

namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>Decodes one compressed block (RFC 8878 section 3.1.1.3): literals, then sequences that take them and copy what was written before.</summary>
internal static unsafe class ZstdBlock
{
    /// <summary>Bits that the three next states may need.</summary>
    private const int StateBits = 9 + 9 + 8;

    /// <summary>Decodes a block.</summary>
    /// <param name="data">The block without its header.</param>
    /// <param name="frame">The content of the frame as far as it is decoded, and the room for the rest.</param>
    /// <param name="position">Where the room begins.</param>
    /// <param name="maximum">Most bytes that a block of the frame may have, stored or decompressed.</param>
    /// <param name="workspace">The state of the frame.</param>
    /// <returns>Where the content ends now.</returns>
    /// <exception cref="InvalidDataException">The block is damaged, or the room too small.</exception>
    internal static int Decode(ReadOnlySpan<byte> data, Span<byte> frame, int position, int maximum, ZstdWorkspace workspace)
    {
        Require(data.Length <= maximum);
        if (frame.Length - position > maximum)
        {
            frame = frame[..(position + maximum)];
        }

        var literals = ReadLiterals(data, maximum, workspace, out var size);
        data = data[size..];
        Require(!data.IsEmpty);
        int count = data[0];
        var headerSize = count < 128 ? 1 : count < 255 ? 2 : 3;
        Require(data.Length >= headerSize);
        count = headerSize switch { 1 => count, 2 => ((count - 128) << 8) + data[1], _ => data[1] + (data[2] << 8) + 0x7F00 };
        data = data[headerSize..];
        if (count > 0)
        {
            Require(!data.IsEmpty && (data[0] & 3) == 0);
            var tables = 1 + workspace.ReadTables(data[0], data[1..]);
            position = Execute(data[tables..], count, ref literals, frame, position, workspace);
        }
        else
        {
            Require(data.IsEmpty);
        }

        Require(literals.Length <= frame.Length - position);
        literals.CopyTo(frame[position..]);
        return position + literals.Length;
    }

    private static ReadOnlySpan<byte> ReadLiterals(ReadOnlySpan<byte> data, int maximum, ZstdWorkspace workspace, out int size)
    {
        var header = LiteralsHeader.Read(data);
        size = header.Size + header.Compressed;
        Require(size <= data.Length && header.Regenerated <= maximum);
        var stored = data[header.Size..size];
        var literals = workspace.Literals.AsSpan(0, header.Regenerated);
        switch (header.Kind)
        {
            case LiteralsKind.Plain:
                return stored;
            case LiteralsKind.Repeated:
                literals.Fill(stored[0]);
                return literals;
            case LiteralsKind.Compressed:
                workspace.HasHuffman = false;
                stored = stored[workspace.Huffman.Read(stored)..];
                workspace.HasHuffman = true;
                break;
            default:
                Require(workspace.HasHuffman);
                break;
        }

        if (header.IsSingleStream)
        {
            HuffmanStreams.DecodeOne(workspace.Huffman, stored, literals);
        }
        else
        {
            HuffmanStreams.DecodeFour(workspace.Huffman, stored, literals);
        }

        return literals;
    }

    /// <summary>Decodes the sequences and carries each out at once (RFC 8878 sections 3.1.1.3.2.1.2 and 3.1.1.4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Execute(ReadOnlySpan<byte> data, int count, ref ReadOnlySpan<byte> literals, Span<byte> frame, int position, ZstdWorkspace workspace)
    {
        fixed (byte* input = data)
        fixed (byte* literal = literals)
        fixed (byte* begin = frame)
        fixed (FseCell* lengths = workspace.LiteralsLengths!.Cells)
        fixed (FseCell* offsets = workspace.Offsets!.Cells)
        fixed (FseCell* matches = workspace.MatchLengths!.Cells)
        {
            var bits = new BackwardBits(input, data.Length);
            var length = lengths + bits.Read(workspace.LiteralsLengths.Log);
            var offset = offsets + bits.Read(workspace.Offsets.Log);
            var match = matches + bits.Read(workspace.MatchLengths.Log);
            var (first, second, third) = workspace.Repeats;
            var from = literal;
            var literalsEnd = literal + literals.Length;
            var to = begin + position;
            var end = begin + frame.Length;
            while (true)
            {
                bits.Refill();
                var isLong = offset->ExtraBits + match->ExtraBits + length->ExtraBits > BackwardBits.Guaranteed - StateBits;
                var offsetValue = offset->Value + bits.Read(offset->ExtraBits);
                var matchLength = (int)(match->Value + bits.Read(match->ExtraBits));
                if (isLong)
                {
                    bits.Refill();
                }

                var literalsLength = (int)(length->Value + bits.Read(length->ExtraBits));
                if (offsetValue > 3)
                {
                    third = second;
                    second = first;
                    first = offsetValue - 3;
                }
                else
                {
                    // One of the last offsets comes to the front; without literals the first one would be the match before, so that the others are counted.
                    var which = offsetValue + (literalsLength == 0 ? 1u : 0);
                    if (which != 1)
                    {
                        var used = which == 2 ? second : which == 3 ? third : first - 1;
                        third = which == 2 ? third : second;
                        second = first;
                        first = used;
                    }
                }

                if (literalsLength > literalsEnd - from || literalsLength + matchLength > end - to)
                {
                    throw Damaged();
                }

                CopyLiterals(from, literalsEnd, to, end, literalsLength);
                from += literalsLength;
                to += literalsLength;
                if (first == 0 || first > to - begin)
                {
                    throw Damaged();
                }

                BackReference.Copy(to, first, matchLength, end - to);
                to += matchLength;
                if (--count == 0)
                {
                    break;
                }

                length = lengths + length->NextState + bits.Read(length->StateBits);
                match = matches + match->NextState + bits.Read(match->StateBits);
                offset = offsets + offset->NextState + bits.Read(offset->StateBits);
            }

            bits.RequireUsedUp();
            workspace.Repeats = (first, second, third);
            literals = literals[(int)(from - literal)..];
            return (int)(to - begin);
        }
    }

    /// <summary>Most runs are short: those are copied without a call, together with bytes that the next copy overwrites.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLiterals(byte* from, byte* fromEnd, byte* to, byte* toEnd, int length)
    {
        const int Short = 16;
        if (length <= Short && fromEnd - from >= Short && toEnd - to >= Short)
        {
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<Int128>(from));
        }
        else
        {
            Unsafe.CopyBlockUnaligned(to, from, (uint)length);
        }
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw Damaged();
        }
    }

    private static InvalidDataException Damaged() => new("A zstd block is damaged.");
}
