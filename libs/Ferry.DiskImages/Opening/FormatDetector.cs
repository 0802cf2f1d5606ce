using Ferry.DiskImages.Qcow2;
using Ferry.DiskImages.Vdi;
using Ferry.DiskImages.Vhd;
using Ferry.DiskImages.Vhdx;
using Ferry.DiskImages.Vmdk;

namespace Ferry.DiskImages.Opening;

/// <summary>Tells formats by content: the longest signatures first, a fixed VHD, which has only a footer, last.</summary>
internal static class FormatDetector
{
    /// <summary>The format of a file, or null. Never raw: any file could be raw.</summary>
    internal static DiskImageFormat? Find(ImageStart start) => start.Head.Span switch
    {
        var head when VmdkOpener.IsMatch(head) => DiskImageFormat.Vmdk,
        var head when FileIdentifier.IsMatch(head) => DiskImageFormat.Vhdx,
        var head when Qcow2Header.IsMatch(head) => DiskImageFormat.Qcow2,
        var head when VdiPreHeader.IsMatch(head) => DiskImageFormat.Vdi,
        _ when VhdOpener.IsMatch(start) => DiskImageFormat.Vhd,
        _ => null,
    };

    /// <summary>Whether Ferry began the image and did not finish it.</summary>
    internal static bool IsIncomplete(ImageStart start) =>
        FileIdentifier.IsIncomplete(start.Head.Span)
        || VdiPreHeader.IsIncomplete(start.Head.Span)
        || VhdMark.IsMatch(start.Head.Span)
        || VhdMark.IsMatch(start.Tail.Span);

    /// <summary>
    /// Whether a file that begins like another format is a whole fixed VHD by its end. What stands at its beginning is then the guest's, and a guest must not
    /// be able to have the file read as a format that names other files.
    /// </summary>
    internal static bool IsDisguisedVhd(ImageStart start, DiskImageFormat? found) => found is not null and not DiskImageFormat.Vhd && VhdOpener.IsFixedDisk(start);
}
