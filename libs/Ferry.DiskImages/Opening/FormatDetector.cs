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
        _ => null,
    };

    /// <summary>Whether Ferry began the image and did not finish it.</summary>
    internal static bool IsIncomplete(ImageStart start) => FileIdentifier.IsIncomplete(start.Head.Span);

    /// <summary>The name of a format that is known and cannot be read, or null.</summary>
    internal static string? FindForeign(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'Q', (byte)'F', (byte)'I', 0xfb, ..] => "QCOW2",
        [(byte)'C', (byte)'O', (byte)'W', (byte)'D', ..] => "VMDK vmfsSparse extent",
        [0xbe, 0xba, 0xfe, 0xca, 0, 0, 0, 0, ..] => "VMDK seSparse extent",
        _ when start.StartsWith("conectix"u8) => "VHD (dynamic)",
        _ when start.StartsWith("<<< "u8) => "VDI",
        _ => null,
    };
}
