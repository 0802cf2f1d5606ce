using System.Buffers.Binary;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Vhdx;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>VHDX files whose damage is not found out by a checksum.</summary>
internal static class VhdxSeeds
{
    private const int MiB = VhdxFileBuilder.MiB;
    private const int LogSector = VhdxLogBuilder.Sector;

    /// <summary>Metadata, parent locator, table and sector bitmaps, which have no checksum.</summary>
    public static FuzzImage Differencing(TestFolder folder)
    {
        var parent = new VhdxFileBuilder { Capacity = 3 * MiB };
        parent.Block(0, 6, parent.PayloadOffset);
        parent.Save(folder["base.vhdx"], parent.PayloadOffset + MiB);
        var child = new VhdxFileBuilder
        {
            Capacity = 4 * MiB,
            Parent = new Dictionary<string, string>
            {
                ["parent_linkage"] = parent.DataWriteId.ToString("B"), ["relative_path"] = @".\base.vhdx", ["absolute_win32_path"] = @"C:\vm\base.vhdx",
                ["volume_path"] = @"\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\base.vhdx",
            },
        };
        child.Bitmap(0, 6, child.PayloadOffset);
        child.Write(child.PayloadOffset, [0xf0, 0x0f, 0xff]);
        child.Block(1, 7, child.PayloadOffset + MiB);
        child.Block(2, 2);
        return Load(folder, child, child.PayloadOffset + (2 * MiB)) with { Hot = [(2 * MiB, 300), ((2 * MiB) + 65536, 700), (3 * MiB, 64)] };
    }

    /// <summary>Headers and region tables whose checksums are right again.</summary>
    public static FuzzImage HeaderAndRegions(TestFolder folder)
    {
        var image = new VhdxFileBuilder { Capacity = 4 * MiB, Regions = { (Guid.Empty, false) } };
        image.Block(1, 6, image.PayloadOffset);
        return Load(folder, image, image.PayloadOffset + MiB) with
        {
            Hot = [(64 << 10, 90), (128 << 10, 90), (192 << 10, 120), (256 << 10, 120)],
            Mend = bytes =>
            {
                foreach (var (offset, size) in new[] { (64 << 10, 4096), (128 << 10, 4096), (192 << 10, 65536), (256 << 10, 65536) })
                {
                    if (bytes.Length >= offset + size)
                    {
                        VhdxFileBuilder.Sum(bytes.AsSpan(offset, size), 4);
                    }
                }

                // Which of two copies counts is known when the other is damaged.
                if (bytes.Length > 256 << 10)
                {
                    bytes.AsSpan(64 << 10, 4).Clear();
                    bytes.AsSpan(256 << 10, 4).Clear();
                }
            },
        };
    }

    /// <summary>A log of two entries whose checksums are right again.</summary>
    public static FuzzImage Log(TestFolder folder)
    {
        var image = new VhdxFileBuilder { Capacity = 4 * MiB, LogId = Guid.NewGuid() };
        var log = new VhdxLogBuilder(image.LogId);
        var length = image.PayloadOffset + (4 * MiB);
        const int First = 250 * LogSector;
        var next = log.Entry(First, 5, First, length, length, (image.PayloadOffset, new byte[LogSector], 0), (image.PayloadOffset, null, 8192), (3 * MiB, new byte[LogSector], 0));
        log.Entry(next, 6, First, length, length + MiB, (image.PayloadOffset + LogSector, null, 1 << 30));
        image.Write(VhdxFileBuilder.LogOffset, log.Ring);
        return Load(folder, image, length) with
        {
            Hot = [(MiB + First, 200), (MiB + next, 130), (MiB + First + LogSector, 16), (MiB + First, 9000)],
            Mend = bytes =>
            {
                foreach (var entry in new[] { First, next })
                {
                    if (bytes.Length >= 2 * MiB && BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(MiB + entry + 8)) is > 64 and var size && size <= MiB - entry)
                    {
                        VhdxFileBuilder.Sum(bytes.AsSpan(MiB + entry, size), 4);
                    }
                }
            },
        };
    }

    private static FuzzImage Load(TestFolder folder, VhdxFileBuilder image, long length)
    {
        image.Save(folder["a.vhdx"], length);
        return new FuzzImage { Files = Directory.GetFiles(folder.Path).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes), Image = "a.vhdx" };
    }
}
