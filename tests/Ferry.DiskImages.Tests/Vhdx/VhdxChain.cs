using Ferry.DiskImages.Tests.Support;

namespace Ferry.DiskImages.Tests.Vhdx;

/// <summary>Builds a base image and the differencing images over it, and what the whole reads as.</summary>
internal static class VhdxChain
{
    private const int MiB = VhdxFileBuilder.MiB;

    public static Dictionary<string, string> Locator(string relativePath, Guid linkage) =>
        new() { ["parent_linkage"] = linkage.ToString("B"), ["relative_path"] = relativePath };

    /// <summary>A dynamic image smaller than its children, with every state that it may have.</summary>
    public static Guid SaveBase(TestFolder folder, Random random, int sector, byte[] content, string name)
    {
        var capacity = content.Length * 2L / 3 / sector * sector;
        var image = new VhdxFileBuilder { Capacity = capacity, BlockSize = 2 * MiB, SectorSize = sector };
        var at = image.PayloadOffset;
        for (var block = 0; block < image.BlockCount; block++)
        {
            var state = random.Next(5) switch { 0 => 0, 1 => 1, 2 => 2, _ => 6 };
            image.Block(block, state, state == 6 ? at : 0);
            if (state == 6)
            {
                var bytes = RandomBytes(random, image.BlockSize);
                image.Write(at, bytes);
                bytes.AsSpan(0, (int)Math.Min(bytes.Length, capacity - (block * (long)image.BlockSize))).CopyTo(content.AsSpan(block * image.BlockSize));
                at += image.BlockSize;
            }
        }

        image.Save(folder[name], at);
        return image.DataWriteId;
    }

    public static Guid SaveChild(TestFolder folder, Random random, byte[] content, int sector, int blockSize, string name, string parent, Guid linkage)
    {
        var image = new VhdxFileBuilder { Capacity = content.Length, BlockSize = blockSize, SectorSize = sector, Parent = Locator(@".\" + parent, linkage) };
        var bitmap = RandomBytes(random, MiB);
        var at = image.PayloadOffset + MiB;
        image.Bitmap(0, 6, image.PayloadOffset);
        for (var block = 0; block < image.BlockCount; block++)
        {
            var start = block * blockSize;
            var length = Math.Min(blockSize, content.Length - start);
            var state = random.Next(8) switch { 0 => 0, 1 => 1, 2 => 2, 3 => 3, 4 => 6, _ => 7 };
            var bytes = RandomBytes(random, blockSize);
            image.Block(block, state, state >= 6 ? at : 0);
            if (state >= 6)
            {
                image.Write(at, bytes);
                at += blockSize;
            }

            // Runs of sectors, so that bits are not all alternating.
            for (var s = start / sector; s < (start + length + sector - 1) / sector; s++)
            {
                if (s > start / sector && random.Next(20) > 0)
                {
                    var before = (bitmap[(s - 1) / 8] >> ((s - 1) % 8)) & 1;
                    bitmap[s / 8] = (byte)((bitmap[s / 8] & ~(1 << (s % 8))) | (before << (s % 8)));
                }

                var isHere = state == 6 || (state == 7 && ((bitmap[s / 8] >> (s % 8)) & 1) != 0);
                var part = content.AsSpan(s * sector, Math.Min(sector, content.Length - (s * sector)));
                if (isHere)
                {
                    bytes.AsSpan((s * sector) - start, part.Length).CopyTo(part);
                }
                else if (state is 1 or 2 or 3)
                {
                    part.Clear();
                }
            }
        }

        image.Write(image.PayloadOffset, bitmap);
        image.Save(folder[name], at);
        return image.DataWriteId;
    }

    public static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
