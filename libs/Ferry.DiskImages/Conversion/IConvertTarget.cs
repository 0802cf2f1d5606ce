namespace Ferry.DiskImages.Conversion;

/// <summary>Where <see cref="ImageConverter"/> writes to: like an image writer, but places are given out in order as data turns up.</summary>
internal interface IConvertTarget : IAsyncDisposable
{
    /// <summary>Makes room for data. Calls come one after the other, in the order of the disk.</summary>
    void Allocate(long offset, long length);

    /// <summary>Writes data for which there is room; concurrent calls for disjoint ranges are allowed.</summary>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Finishes the image.</summary>
    ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken);

    /// <summary>Removes what was written, after a failure.</summary>
    void Remove();
}
