using System.Text;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Lvm;
using Ferry.DiskImages.Qcow2;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Vmdk;
using Xunit;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>Whatever stands in a text of an image, it is understood or refused.</summary>
public sealed class TextProperties
{
    private static readonly string[] DescriptorWords =
    [
        "\n", "\n", "\n", " ", " ", "\t", "\r\n", "\"", "#", "=", "# Disk DescriptorFile\n", "createType=\"custom\"\n", "createType=", "CID=fffffffe\n", "CID=", "parentCID=", "parentCID=1\n", "ffffffff",
        "parentFileNameHint=\"a\"\n", "encoding=\"GBK\"\n", "encoding=\"UTF-16\"\n", "encoding=\"Shift_JIS\"\n", "encoding=\"\"\n", "RW ", "RDONLY ", "NOACCESS ", "RW 1 ZERO\n", "RW 2 FLAT \"a\" 0\n", "FLAT", "SPARSE",
        "VMFS", "VMFSRDM", "SESPARSE", "VMFSSPARSE", "ZERO", "0", "1", "4096", "18446744073709551615", "18446744073709551616", "-1", "\"a.vmdk\"", "\"/etc/passwd\"", "ddb.uuid = \"60 00\"\n", "\0", "é", "\ufeff",
    ];

    private static readonly string[] VolumeGroupWords =
    [
        "\n", " ", "{", "}", "{", "}", "[", "]", "\"", "=", " = ", ",", "#", "\\", "group {\n", "id = \"a\"\n", "id", "seqno = 1\n", "extent_size = 8192\n", "extent_size", "physical_volumes {\n", "pv0 {\n",
        "pe_start = 2048\n", "pe_count = 7\n", "logical_volumes {\n", "root {\n", "segment1 {\n", "start_extent = 0\n", "extent_count = 1\n", "type = \"striped\"\n", "type = \"linear\"\n", "stripe_count = 1\n",
        "stripes = [\"pv0\", 0]\n", "status = [\"VISIBLE\"]\n", "0", "1", "-1", "9223372036854775807", "9223372036854775808", "1e9", "\0",
    ];

    [FuzzProperty(MaxTest = 3000)]
    public void VmdkDescriptor_AnyWords_IsUnderstoodOrRefused(byte[] choices, bool isWellBegun)
    {
        var text = Words.Join(choices, DescriptorWords);
        byte[] all = isWellBegun ? [.. "# Disk DescriptorFile\ncreateType=\"custom\"\n"u8, .. text] : text;
        try
        {
            var descriptor = VmdkDescriptorParser.Parse(all, "a");
            Assert.All(descriptor.Extents, extent => Assert.Equal(extent.Kind == VmdkExtentKind.Zero, extent.FileName is null));
        }
        catch (Exception e) when (e is InvalidDiskImageException or UnsupportedDiskImageException)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    /// <summary>Whatever bytes a descriptor has, they come back from the text that they were decoded to, but for a mark at its start that says that it is UTF-8.</summary>
    [FuzzProperty(MaxTest = 1000)]
    public void VmdkDescriptor_AnyWords_AreDecodedWithoutLoss(byte[] choices)
    {
        byte[] bytes = [(byte)'#', .. Words.Join(choices, DescriptorWords)];
        var (text, name) = VmdkEncoding.Decode(bytes);
        Assert.Equal(bytes, (CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name)).GetBytes(text));
    }

    [FuzzProperty(MaxTest = 3000)]
    public void VolumeGroup_AnyWords_IsUnderstoodOrRefused(byte[] choices, bool isWellBegun)
    {
        var text = Words.Join(choices, VolumeGroupWords);
        try
        {
            var group = VolumeGroup.Read(isWellBegun ? [.. "group {\nid = \"a\"\nseqno = 1\nextent_size = 8192\n"u8, .. text, .. "}\n"u8] : text, new LvmTextBudget());
            _ = group.PhysicalVolumes.ToList();
            foreach (var (name, section) in group.LogicalVolumes)
            {
                var segments = VolumeGroup.ReadSegments(name, section);
                Assert.All(segments, segment => Assert.True(segment.Start >= 0 && segment.Count > 0 && segment.PhysicalStart >= 0));
            }
        }
        catch (VolumeRefusedException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    /// <summary>A name that is taken is the name of a file in the folder and of nothing else.</summary>
    [FuzzProperty(MaxTest = 2000)]
    public void FileName_ThatIsTaken_StaysInTheFolder(byte[] choices)
    {
        var name = Encoding.UTF8.GetString(Words.Join(choices, [".", "..", "/", "\\", "a", "link", ":", "json:", "nbd://", "\0", " ", "~", "%2e%2e%2f", "\u202e", "\u0001", "C:", "é", "．．／"]));
        try
        {
            ReferencedName.Require(name, "data file", "a");
        }
        catch (InvalidDiskImageException e)
        {
            Assert.Equal(DiskImageErrors.ForbiddenReference, e.Code);
            Assert.DoesNotContain(e.Message, char.IsControl);
            return;
        }

        Assert.Equal(name, Path.GetFileName(name));
        Assert.Equal("/vm", Path.GetDirectoryName(Path.GetFullPath(name, "/vm")));
        ImageFileName.Require(name);
    }
}
