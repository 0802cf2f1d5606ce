namespace Ferry.DiskImages.Checking;

/// <summary>A part of an image's file that is used.</summary>
/// <param name="File">Index of the file in <see cref="IDiskImageStructure.OwnFiles"/>.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="What">What stands there, for messages: "block", "grain table".</param>
/// <param name="Number">Number of the block or table, or -1.</param>
/// <param name="SharesSectors">Whether first and last sector may hold other such parts too, as those of compressed data.</param>
internal readonly record struct UsedRange(int File, long Offset, long Length, string What, long Number = -1, bool SharesSectors = false)
{
    /// <summary>A block of which only the part that belongs to the disk must be there: the last block of a disk may be cut off in the file.</summary>
    /// <param name="offset">Where it stands.</param>
    /// <param name="size">Bytes of a block.</param>
    /// <param name="needed">Bytes of it that belong to the disk.</param>
    /// <param name="fileLength">Where the file ends.</param>
    /// <param name="number">Number of the block.</param>
    internal static UsedRange Block(long offset, long size, long needed, long fileLength, long number) =>
        new(0, offset, needed >= size || offset <= fileLength - size ? size : needed, "block", number);
}
