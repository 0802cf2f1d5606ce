using System.Text;

namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>
/// Reads the archives of one stream one after the other, as the kernel does: zero bytes between archives are skipped, later entries count. Constant memory; the caller takes
/// an entry's content or leaves it.
/// </summary>
internal sealed class CpioReader(Stream stream)
{
    /// <summary>Most entries of one initial RAM disk.</summary>
    public const int MaximumEntries = 200_000;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private long _position;
    private long _unread;
    private int _entries;

    /// <summary>The next entry, or null at the end. What is left of the entry before is skipped.</summary>
    /// <exception cref="InitrdException">The bytes are no archive.</exception>
    public CpioEntry? Next()
    {
        while (true)
        {
            Skip(_unread + Padding(_position + _unread));
            _unread = 0;
            if (!ReadHeader(out var header))
            {
                return null;
            }

            if (++_entries > MaximumEntries)
            {
                throw new InitrdException($"The archive has more than {MaximumEntries} entries.");
            }

            var name = new byte[header.NameSize];
            ReadExactly(name);
            Skip(Padding(_position));
            _unread = header.FileSize;
            var text = Encoding.Latin1.GetString(name).TrimEnd('\0');
            if (text != CpioEntry.Trailer)
            {
                return new CpioEntry(text, (int)header.Mode, header.FileSize);
            }
        }
    }

    /// <summary>Writes the current entry's content.</summary>
    public void CopyContentTo(Stream destination)
    {
        while (_unread > 0)
        {
            var part = _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, _unread));
            ReadExactly(part);
            destination.Write(part);
            _unread -= part.Length;
        }
    }

    private static long Padding(long position) => -position & (CpioHeader.Alignment - 1);

    private bool ReadHeader(out CpioHeader header)
    {
        header = default;
        var bytes = new byte[CpioHeader.Size];
        while (true)
        {
            var read = stream.ReadAtLeast(bytes.AsSpan(0, CpioHeader.Alignment), CpioHeader.Alignment, throwOnEndOfStream: false);
            _position += read;
            if (bytes.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                break;
            }

            if (read < CpioHeader.Alignment)
            {
                return false;
            }
        }

        ReadExactly(bytes.AsSpan(CpioHeader.Alignment));
        return CpioHeader.TryRead(bytes, out header) ? true : throw new InitrdException($"There is no archive entry at byte {_position - CpioHeader.Size}.");
    }

    private void Skip(long count)
    {
        while (count > 0)
        {
            var part = _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, count));
            ReadExactly(part);
            count -= part.Length;
        }
    }

    private void ReadExactly(Span<byte> destination)
    {
        if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
        {
            throw new InitrdException("The archive ends in the middle of an entry.");
        }

        _position += destination.Length;
    }
}
