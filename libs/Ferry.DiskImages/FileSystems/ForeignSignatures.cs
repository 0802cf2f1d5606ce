namespace Ferry.DiskImages.FileSystems;

/// <summary>
/// Contents that are recognised and have no map here. They are known for two reasons: to say what a volume is, and because a volume that seems to hold a file
/// system may be a part of something else - a member of an array that is striped or encrypted - of which that file system's map would say nothing true.
/// </summary>
internal static class ForeignSignatures
{
    /// <summary>Bytes that have to be read from the start of a volume.</summary>
    internal const int HeadSize = 132 * 1024;

    /// <summary>Bytes that have to be read from its end.</summary>
    internal const int TailSize = (128 * 1024) + 4096;

    private const uint MdMagic = 0xa92b4efc;
    private const int ZfsUberblocks = 128 * 1024;

    private static ReadOnlySpan<byte> ZfsLittleEndian => [0x0c, 0xb1, 0xba, 0x00, 0, 0, 0, 0];

    private static ReadOnlySpan<byte> ZfsBigEndian => [0, 0, 0, 0, 0x00, 0xba, 0xb1, 0x0c];

    private static ReadOnlySpan<byte> DdfMagic => [0xde, 0x11, 0xde, 0x11];

    private static readonly Signature[] Known =
    [
        new("luks", 0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe]),
        new("bitlocker", 3, "-FVE-FS-"u8.ToArray()),
        // BitLocker to go: a FAT boot sector with this identifier.
        new("bitlocker", 424, [0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a, 0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01]),
        new("exfat", 3, "EXFAT   "u8.ToArray()),
        new("refs", 3, "ReFS\0\0\0\0"u8.ToArray()),
        new("apfs", 32, "NXSB"u8.ToArray()),
        new("squashfs", 0, "hsqs"u8.ToArray()),
        new("integrity", 0, "integrt\0"u8.ToArray()),
        new("vdo", 0, "dmvdo001"u8.ToArray()),
        new("md", 0, [0xfc, 0x4e, 0x2b, 0xa9]),
        new("md", 4096, [0xfc, 0x4e, 0x2b, 0xa9]),
        new("hfs+", 1024, [0x48, 0x2b, 0x00, 0x04]),
        new("hfs+", 1024, [0x48, 0x58, 0x00, 0x05]),
        new("f2fs", 1024, [0x10, 0x20, 0xf5, 0xf2]),
        new("erofs", 1024, [0xe2, 0xe1, 0xf5, 0xe0]),
        new("swap", 4096 - 10, "SWAPSPACE2"u8.ToArray()),
        new("swap", 8192 - 10, "SWAPSPACE2"u8.ToArray()),
        new("swap", 16384 - 10, "SWAPSPACE2"u8.ToArray()),
        new("swap", 65536 - 10, "SWAPSPACE2"u8.ToArray()),
        new("swap", 4096 - 10, "S1SUSPEND\0"u8.ToArray()),
        new("bcache", 4096 + 24, [0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81]),
        new("bcachefs", 4096 + 24, [0xc6, 0x85, 0x73, 0xf6, 0x66, 0xce, 0x90, 0xa9, 0xd9, 0x6a, 0x60, 0xcf, 0x80, 0x3d, 0xf7, 0xef]),
        new("jfs", 32768, "JFS1"u8.ToArray()),
        new("iso9660", 32769, "CD001"u8.ToArray()),
        new("reiserfs", 65536 + 52, "ReIsEr"u8.ToArray()),
        new("btrfs", 65536 + 64, "_BHRfS_M"u8.ToArray()),
        new("gfs2", 65536, [0x01, 0x16, 0x19, 0x70]),
    ];

    /// <summary>The names of all signatures that are there, each once.</summary>
    /// <param name="head">The first <see cref="HeadSize"/> bytes, or all.</param>
    /// <param name="tail">The last <see cref="TailSize"/> bytes, or all.</param>
    /// <param name="length">Length of the volume in bytes.</param>
    internal static IEnumerable<string> Find(byte[] head, byte[] tail, long length)
    {
        foreach (var signature in Known)
        {
            if (head.Length >= signature.Offset + signature.Bytes.Length && head.AsSpan(signature.Offset).StartsWith(signature.Bytes))
            {
                yield return signature.Name;
            }
        }

        if (HasZfs(head))
        {
            yield return "zfs";
        }

        if (HasMdAtEnd(tail, length))
        {
            yield return "md";
        }

        if (HasFirmwareRaid(tail))
        {
            yield return "firmware RAID";
        }
    }

    /// <summary>Uberblocks of a ZFS label begin at 128 KiB, the first 4 KiB of them are looked at (on-disk format, section 1.3).</summary>
    private static bool HasZfs(byte[] head)
    {
        for (var offset = ZfsUberblocks; offset + 1024 <= head.Length; offset += 1024)
        {
            if (head.AsSpan(offset).StartsWith(ZfsLittleEndian) || head.AsSpan(offset).StartsWith(ZfsBigEndian))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Superblocks of Linux software RAID at the end: version 1.0 at least 8 KiB before it, version 0.90 in the last whole 64 KiB but one (md(4)).</summary>
    private static bool HasMdAtEnd(byte[] tail, long length)
    {
        var start = length - tail.Length;
        return IsMd(((length / 512 * 512) - 8192) & ~4095L, false) || IsMd((length & ~65535L) - 65536, false) || IsMd((length & ~65535L) - 65536, true);

        bool IsMd(long offset, bool bigEndian)
        {
            var at = offset - start;
            return at >= 0 && at + sizeof(uint) <= tail.Length && MdMagic == (bigEndian
                ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(tail.AsSpan((int)at))
                : System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan((int)at)));
        }
    }

    /// <summary>Members of arrays of mainboard controllers: Intel's anchor in the last sector but one, the anchor of the DDF standard in the last one.</summary>
    private static bool HasFirmwareRaid(byte[] tail) =>
        (tail.Length >= 1024 && tail.AsSpan(tail.Length - 1024).StartsWith("Intel Raid ISM Cfg Sig."u8))
        || (tail.Length >= 512 && tail.AsSpan(tail.Length - 512).StartsWith(DdfMagic));

    private sealed record Signature(string Name, int Offset, byte[] Bytes);
}
