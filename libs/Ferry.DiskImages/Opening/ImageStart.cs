namespace Ferry.DiskImages.Opening;

/// <summary>The ends of a file, which tell its format.</summary>
/// <param name="Head">The first bytes: <see cref="HeadSize"/>, or the whole file when it is shorter.</param>
/// <param name="Tail">The last 512 bytes, or the whole file when it is shorter: a fixed VHD is known by its footer alone.</param>
/// <param name="Length">Length of the file in bytes.</param>
internal sealed record ImageStart(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Tail, long Length)
{
    /// <summary>Bytes that are read from the start of a file.</summary>
    internal const int HeadSize = 4096;

    /// <summary>Bytes that are read from its end. A footer of 511 bytes, as very old programs wrote it, lies within.</summary>
    internal const int TailSize = 512;

    /// <summary>Reads both ends.</summary>
    internal static async ValueTask<ImageStart> ReadAsync(Sources.IByteSource source, CancellationToken cancellationToken)
    {
        var head = new byte[Math.Min(HeadSize, source.Length)];
        await source.ReadAsync(0, head, cancellationToken).ConfigureAwait(false);
        var tail = new byte[Math.Min(TailSize, source.Length)];
        await source.ReadAsync(source.Length - tail.Length, tail, cancellationToken).ConfigureAwait(false);
        return new ImageStart(head, tail, source.Length);
    }
}
