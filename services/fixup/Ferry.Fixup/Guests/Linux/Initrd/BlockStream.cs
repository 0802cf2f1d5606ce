namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>A forward-only stream over data that is unpacked block by block.</summary>
internal abstract class BlockStream : Stream
{
    private ReadOnlyMemory<byte> _block;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (_block.IsEmpty)
        {
            if (NextBlock() is not { } next)
            {
                return 0;
            }

            _block = next;
        }

        var count = Math.Min(buffer.Length, _block.Length);
        _block.Span[..count].CopyTo(buffer);
        _block = _block[count..];
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>The next block, unpacked; null at the end. What the last call gave is not used any more.</summary>
    protected abstract ReadOnlyMemory<byte>? NextBlock();
}
