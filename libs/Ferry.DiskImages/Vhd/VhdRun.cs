namespace Ferry.DiskImages.Vhd;

/// <summary>A range of a disk of which all bytes stand side by side in the image, or none.</summary>
/// <param name="FileOffset">Where it stands; -1: not in the image, so that the parent's bytes count, or zero without a parent.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct VhdRun(long FileOffset, long Length)
{
    /// <summary>Whether the image itself holds the range.</summary>
    internal bool IsOwn => FileOffset >= 0;

    /// <summary>Whether another range that follows on the disk also follows in the file.</summary>
    internal bool IsFollowedBy(VhdRun next) => next.IsOwn == IsOwn && (!IsOwn || next.FileOffset == FileOffset + Length);
}
