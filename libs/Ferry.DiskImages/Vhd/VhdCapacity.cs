namespace Ferry.DiskImages.Vhd;

/// <summary>
/// The size of a disk. The footer says it twice, as a geometry and in bytes, and programs differ in which of the two they go by:
/// <list type="bullet">
/// <item>Virtual PC (<c>vpc </c>) shows its guests the geometry, which is usually smaller, and QEMU without <c>force_size</c> (<c>qemu</c>) follows it.</item>
/// <item>Everything else goes by the bytes: Windows and Hyper-V (<c>win </c>), QEMU with <c>force_size</c> (<c>qem2</c>), Disk2vhd (<c>d2v</c>), XenServer (<c>tap</c>),
/// XenConverter (<c>CTXS</c>), Azure (<c>wa</c>), VirtualBox (<c>vbox</c>), Virtual Server (<c>vs  </c>) and all whose name is not known, as QEMU does since 10.0.</item>
/// <item>The largest geometry, 65535/16/255, stands for any size above it, so that the bytes count whoever wrote it.</item>
/// <item>A parent is as large as its bytes say, whoever wrote it: how much of it counts is the child's affair.</item>
/// </list>
/// </summary>
internal static class VhdCapacity
{
    /// <summary>The largest disk: more than 2040 GiB could not be told by the sector numbers of a block allocation table.</summary>
    internal const long Maximum = 2040L << 30;

    private const int SectorSize = 512;

    /// <summary>The size in bytes that the footer means, in whole sectors; not checked.</summary>
    /// <param name="footer">The footer.</param>
    /// <param name="isParent">Whether the image is opened as the parent of another.</param>
    internal static ulong Of(VhdFooter footer, bool isParent) =>
        !isParent && footer.CreatorApplication is "vpc " or "qemu" && footer.Geometry != VhdGeometry.Maximum && footer.Geometry.Capacity > 0
            ? (ulong)footer.Geometry.Capacity
            : footer.CurrentSize / SectorSize * SectorSize;

    /// <summary>Whether a disk that Ferry writes can have a size.</summary>
    internal static bool IsAllowed(long capacity) => capacity is > 0 and <= Maximum && capacity % SectorSize == 0;

    /// <summary>Checks the sizes of a disk that is to be written.</summary>
    /// <exception cref="ArgumentException">The format does not allow them.</exception>
    internal static void Require(DiskImagePlan plan)
    {
        if (plan.LogicalSectorSize != SectorSize)
        {
            throw new ArgumentException($"A VHD disk has sectors of 512 bytes, not {plan.LogicalSectorSize}; write a VHDX.", nameof(plan));
        }

        if (!IsAllowed(plan.Capacity))
        {
            throw new ArgumentException($"A VHD disk has up to 2040 GiB ({Maximum} bytes) in whole sectors, not {plan.Capacity} bytes; write a VHDX for a larger one.", nameof(plan));
        }
    }
}
