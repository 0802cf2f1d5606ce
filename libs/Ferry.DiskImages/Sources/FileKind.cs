namespace Ferry.DiskImages.Sources;

/// <summary>Type of a file as far as disk images care.</summary>
internal enum FileKind
{
    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>A directory, FIFO, socket or character device: never part of an image.</summary>
    Other,
}
