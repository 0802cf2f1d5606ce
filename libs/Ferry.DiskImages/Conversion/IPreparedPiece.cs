namespace Ferry.DiskImages.Conversion;

/// <summary>A piece of the disk that is ready to be written.</summary>
internal interface IPreparedPiece
{
    /// <summary>Takes the piece's place in the target. Calls for the pieces of a conversion come one after the other, in the order of the disk; it must be quick.</summary>
    ValueTask PlaceAsync(CancellationToken cancellationToken);

    /// <summary>Writes the piece at its place; concurrent with other pieces.</summary>
    /// <returns>Bytes written.</returns>
    ValueTask<long> WriteAsync(CancellationToken cancellationToken);
}
