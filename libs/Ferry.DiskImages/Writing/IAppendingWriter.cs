namespace Ferry.DiskImages.Writing;

/// <summary>An image whose blocks get their places as they come, through <see cref="AppendedBlockSlots"/>.</summary>
internal interface IAppendingWriter : IDiskImageWriter
{
    /// <summary>Bytes per block; 0 when every byte has its place already.</summary>
    long BlockSize { get; }

    /// <summary>Completes the image; without <paramref name="durable"/> a crash of the machine soon after may damage it.</summary>
    ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken);
}
