using System.ComponentModel.DataAnnotations;
using Ferry.Capture.Sources.Ovf;

namespace Ferry.Capture;

/// <summary>Options of the capture service.</summary>
public sealed class CaptureOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Capture";

    /// <summary>
    /// Whether the disks of an OVF package are compared with its .mf file. It costs one more reading of every disk, so by default only for local packages, where it
    /// costs little and finds a damaged copy before the conversion and not after it.
    /// </summary>
    [EnumDataType(typeof(OvfDigestCheck))]
    public OvfDigestCheck VerifyOvfDigests { get; set; } = OvfDigestCheck.Local;

    /// <summary>
    /// Whether blocks that no file system of the guest uses are left out: the maps of NTFS, ext2/3/4, XFS and FAT are read, and whatever is dirty, unknown or
    /// inconsistent counts as used as a whole. A request may ask for all blocks nevertheless.
    /// </summary>
    public bool UsedBlocksOnly { get; set; } = true;
}
