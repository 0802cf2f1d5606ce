namespace Ferry.DiskImages.Writing;

/// <summary>Why a file is not written to, in the same words for every format.</summary>
internal static class Refusals
{
    /// <summary>A delta comes to an image whose own conversion was interrupted.</summary>
    internal static InvalidDiskImageException Unfinished(string path) =>
        new(DiskImageErrors.Incomplete, "Ferry began this image and did not finish it; finish the conversion first.", path);

    /// <summary>A delta comes to an image that is none of Ferry's.</summary>
    internal static UnsupportedDiskImageException Foreign(string path) =>
        new(DiskImageErrors.UnsupportedVariant, "Another program wrote or rearranged this image; only what Ferry wrote can be changed in place. Convert again.", path);

    /// <summary>A delta comes to an image that was Ferry's.</summary>
    internal static UnsupportedDiskImageException Changed(string path, long? offset = null) =>
        new(DiskImageErrors.UnsupportedVariant, "Another program, perhaps a virtual machine, has written to this image since Ferry completed it; convert again.", path, offset);

    /// <summary>A plan comes to an image that another one began.</summary>
    internal static DiskImageException OtherPlan(string path) =>
        new(DiskImageErrors.Exists, "The file is an incomplete image that another plan began; delete it to start again.", path);

    /// <summary>A plan comes to something that is not its own.</summary>
    internal static DiskImageException OtherFile(string path) => new(DiskImageErrors.Exists, "Another file stands at the target path and is not overwritten.", path);
}
