namespace Ferry.DiskImages.Sources;

/// <summary>What the file system says about a file.</summary>
/// <param name="Kind">Type of the file.</param>
/// <param name="Length">Length in bytes; 0 for a device.</param>
/// <param name="ModifiedTicks">Last modification, UTC, in ticks of 100 ns.</param>
/// <param name="Inode">Inode number, or null where there is none.</param>
internal readonly record struct FileStatus(FileKind Kind, long Length, long ModifiedTicks, ulong? Inode);
