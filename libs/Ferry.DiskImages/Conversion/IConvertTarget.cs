namespace Ferry.DiskImages.Conversion;

/// <summary>
/// Where <see cref="ImageConverter"/> writes to. A piece of the disk goes through three steps: <see cref="Prepare"/> by any worker at any time, then its
/// <see cref="IPreparedPiece.PlaceAsync"/> when all pieces before it have their places, then its <see cref="IPreparedPiece.WriteAsync"/> by any worker at any time.
/// </summary>
internal interface IConvertTarget : IAsyncDisposable
{
    /// <summary>Pieces begin and end at multiples of this many bytes (a power of 2), or at the end of the disk; 1 where it does not matter.</summary>
    int Alignment { get; }

    /// <summary>Searches for zeros and compresses; null when there is nothing to write. Called concurrently. The data stays as it is until the piece is written.</summary>
    IPreparedPiece? Prepare(long offset, ReadOnlyMemory<byte> data);

    /// <summary>Finishes the image; every piece has been written.</summary>
    ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken);

    /// <summary>Removes what was written, after a failure.</summary>
    void Remove();
}
