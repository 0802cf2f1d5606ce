using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ferry.DiskImages.Metadata;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// The descriptor that Ferry writes ("Virtual Disk Format 5.0", section "The Descriptor File"). Nothing in it depends on the time or on chance: the content id
/// comes from the disk's id and from what was last written to it, as a program that writes to a disk must give it a new one.
/// </summary>
/// <param name="CreateType"><c>createType</c>.</param>
/// <param name="Capacity">Size of the disk in bytes.</param>
/// <param name="Extent">The extent's line without access and size, <c>SPARSE "disk.vmdk"</c>.</param>
/// <param name="Writing">Identity of the disk and what was last written to it.</param>
/// <param name="Access">Access of the extent.</param>
internal sealed record VmdkDescriptorText(string CreateType, long Capacity, string Extent, VmdkWriting Writing, string Access = "RW")
{
    private const long GiB = 1L << 30;
    /// <summary>Some programs take a disk with this content id for an empty one.</summary>
    private const uint CidOfNothing = 0xfffffffe;

    /// <summary>The number by which VMware's disks are known, in the upper 28 bits.</summary>
    private const uint VendorNumber = 0x6000C290;

    /// <summary>The descriptor as it stands in the file.</summary>
    internal byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    /// <inheritdoc/>
    public override string ToString()
    {
        var sectors = Capacity / SourceBounds.Sector;
        var (heads, perTrack) = Geometry(Capacity);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # Disk DescriptorFile
            version=1
            encoding="UTF-8"
            CID={VmdkDescriptorParser.Text(CidOf(Writing))}
            parentCID={VmdkDescriptorParser.Text(VmdkDescriptorParser.NoParent)}
            createType="{CreateType}"
            {Writing}

            # Extent description
            {Access} {sectors} {Extent}

            # The Disk Data Base
            #DDB

            ddb.adapterType = "lsilogic"
            ddb.geometry.cylinders = "{Math.Max(1, sectors / (heads * perTrack))}"
            ddb.geometry.heads = "{heads}"
            ddb.geometry.sectors = "{perTrack}"
            ddb.longContentID = "{Convert.ToHexStringLower(LongContentIdOf(Writing))}"
            ddb.uuid = "{Uuid()}"
            ddb.virtualHWVersion = "8"

            """).ReplaceLineEndings("\n");
    }

    /// <summary>The content id: the end of the longer one.</summary>
    internal static uint CidOf(VmdkWriting writing) => BinaryPrimitives.ReadUInt32BigEndian(LongContentIdOf(writing).AsSpan(12));

    /// <summary>A quoted file name.</summary>
    /// <exception cref="ArgumentException">It cannot stand in a descriptor.</exception>
    internal static string Quote(string fileName) =>
        fileName.AsSpan().IndexOfAny('"', '\n', '\r') < 0
            ? $"\"{fileName}\""
            : throw new ArgumentException("The name of a VMDK file has no quotation mark and no line end in it.", nameof(fileName));

    /// <summary>16 bytes. Two values of the last four have a meaning of their own.</summary>
    private static byte[] LongContentIdOf(VmdkWriting writing)
    {
        for (var attempt = 0; ; attempt++)
        {
            var id = Derive(writing.DiskId, string.Create(CultureInfo.InvariantCulture, $"content {attempt} {writing.Digest}"));
            if (BinaryPrimitives.ReadUInt32BigEndian(id.AsSpan(12)) is not VmdkDescriptorParser.NoParent and not CidOfNothing)
            {
                return id;
            }
        }
    }

    /// <summary>The geometry that VMware gives to SCSI disks, by their size.</summary>
    private static (int Heads, int SectorsPerTrack) Geometry(long capacity) => capacity switch
    {
        < GiB => (64, 32),
        < 2 * GiB => (128, 32),
        _ => (255, 63),
    };

    /// <summary>The disk's id as VMware writes it: 16 bytes, <c>60 00 c2 9x xx xx xx xx-xx xx xx xx xx xx xx xx</c>.</summary>
    private string Uuid()
    {
        var bytes = Derive(Writing.DiskId, "uuid");
        BinaryPrimitives.WriteUInt32BigEndian(bytes, VendorNumber | (bytes[3] & 0xfu));
        var digits = bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)).ToArray();
        return $"{string.Join(' ', digits[..8])}-{string.Join(' ', digits[8..])}";
    }

    private static byte[] Derive(Guid diskId, string role) => SHA256.HashData([.. diskId.ToByteArray(), .. Encoding.UTF8.GetBytes(role)])[..16];
}
