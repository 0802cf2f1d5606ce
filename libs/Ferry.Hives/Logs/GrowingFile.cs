namespace Ferry.Hives.Logs;

/// <summary>Bytes of a file that grows by what is written behind it, never by a number.</summary>
internal sealed class GrowingFile(byte[] bytes)
{
    private byte[] _bytes = bytes;
    private int _length = bytes.Length;

    public Span<byte> Span => _bytes.AsSpan(0, _length);

    public BaseBlock Header => new(_bytes);

    /// <summary>Writes in the file or right behind it.</summary>
    /// <returns>False where there would be a gap.</returns>
    public bool TryWrite(int offset, ReadOnlySpan<byte> content)
    {
        if (offset > _length)
        {
            return false;
        }

        var end = offset + content.Length;
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(end, _bytes.Length + (_bytes.Length / 4)));
        }

        _length = Math.Max(_length, end);
        content.CopyTo(_bytes.AsSpan(offset));
        return true;
    }

    public byte[] ToArray() => _length == _bytes.Length ? _bytes : _bytes[.._length];
}
