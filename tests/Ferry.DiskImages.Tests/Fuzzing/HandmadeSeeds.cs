using System.Text;
using Ferry.DiskImages.Tests.Qcow2;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Vdi;
using Ferry.DiskImages.Tests.Vhd;
using Ferry.DiskImages.Tests.Vmdk;
using Ferry.DiskImages.Vdi;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>Images with everything that a format may hold and no program at hand writes, made byte by byte.</summary>
internal static class HandmadeSeeds
{
    private const int Sector = 512;

    private static readonly VhdBuilder Vhd = new() { Content = [.. Enumerable.Repeat((byte)7, 40960)] };

    /// <summary>By name.</summary>
    public static readonly Dictionary<string, Func<TestFolder, FuzzImage>> All = new()
    {
        ["VMDK descriptor"] = _ => Descriptor(),
        ["VMDK COWD over flat"] = _ => Delta("VMFSSPARSE", new CowdFileBuilder(8000, 1).Set(1, Fill(512)).Set(5000, Fill(512)).Build(new Random(1))),
        ["VMDK seSparse over flat"] = _ => Delta("SESPARSE", new SeSparseFileBuilder(8000).Set(1, Fill(4096)).Set(900, 0x2000_0000_0000_0000).Build(new Random(1))),
        ["VMDK SPARSE over flat"] = _ => Delta(
            "SPARSE", new HostedFileBuilder(8000) { Redundant = true, Compressed = true, Markers = true }.Set(1, Fill(65536)).Set(20, Fill(65536)).Build()),
        ["VMDK zeroed grains"] = _ => FuzzImage.Of(
            new HostedFileBuilder(80_000) { Redundant = true, Zeroed = { 3, 599 } }.Set(1, Fill(65536)).Set(600, Fill(65536)).Build(), (0, 80), (512, 300)),
        ["VHDX metadata"] = VhdxSeeds.Differencing,
        ["VHDX header and regions"] = VhdxSeeds.HeaderAndRegions,
        ["VHDX log"] = VhdxSeeds.Log,
        ["VHD dynamic"] = _ => SealedVhd(Vhd),
        ["VHD of other creators"] = _ => SealedVhd(Vhd with { Creator = "tap\0" }),
        ["VHD fixed"] = _ => SealedVhd(Vhd with { Type = 2 }),
        ["VHD parent locators"] = _ => SealedVhd(Vhd with
        {
            Type = 4, Own = sector => sector % 3 == 0, ParentId = Vhd.Id, ParentName = "base.vhd", Locators = [("W2ku", @"C:\base.vhd"), ("W2ru", @".\base.vhd"), ("MacX", "file:///base.vhd")],
        }),
        ["VDI 1.1"] = _ => FuzzImage.Of(new VdiFileBuilder { BlockExtra = 512 }.Build(), (0, 512)),
        ["VDI 0.1"] = _ => FuzzImage.Of(new VdiFileBuilder { Version = 1 }.Build(), (0, 440)),
        ["VDI fixed"] = _ => FuzzImage.Of(new VdiFileBuilder { Type = VdiImageType.Fixed, Map = [0, 1, 2], Places = 3 }.Build(), (0, 512)),
        ["QCOW2 header extensions"] = _ => Qcow2(new HandmadeQcow2 { L2 = [Qcow2Data, 1, 0] }.With(0x6803f857, new byte[96]).With(0x23852875, new byte[24]).With(0x12345678, "unknown")),
        ["QCOW2 backing file"] = _ => Qcow2(new HandmadeQcow2 { Backing = "base.img", L2 = [Qcow2Data, 0, 1] }.With(0xe2792aca, "raw")),
        ["QCOW2 data file"] = _ => Qcow2(new HandmadeQcow2 { Incompatible = 4, Autoclear = 2, L2 = [1UL << 63, (1UL << 63) | 65536] }.With(0x44415441, "data.img")),
        ["QCOW2 compressed clusters"] = _ => Qcow2(new HandmadeQcow2 { L2 = [(1UL << 62) | (7UL << 54) | Qcow2Place, (1UL << 62) | (7UL << 54) | (Qcow2Place + 5000)] }),
    };

    private const ulong Qcow2Place = 3 * HandmadeQcow2.ClusterSize;
    private const ulong Qcow2Data = Qcow2Place | (1UL << 63);

    private static byte[] Fill(int length) => [.. Enumerable.Repeat((byte)9, length)];

    private static FuzzImage Descriptor()
    {
        var text = "# Disk DescriptorFile\nversion=1\nencoding=\"UTF-8\"\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"custom\"\nRW 2 FLAT \"b.bin\" 0\nRW 3 ZERO\nRDONLY 1 VMFS \"b.bin\"\n"
            + "RW 8000 SPARSE \"c.vmdk\"\nddb.adapterType = \"lsilogic\"\nddb.uuid = \"60 00\"\n";
        return new FuzzImage
        {
            Files = new Dictionary<string, byte[]> { ["a.vmdk"] = Encoding.ASCII.GetBytes(text), ["b.bin"] = new byte[1024], ["c.vmdk"] = new HostedFileBuilder(8000).Set(1, Fill(65536)).Build() },
            Image = "a.vmdk",
        };
    }

    private static FuzzImage Delta(string kind, byte[] extent) => new()
    {
        Files = new Dictionary<string, byte[]>
        {
            ["base.bin"] = Fill(8000 * Sector),
            ["base.vmdk"] = Encoding.ASCII.GetBytes(VmdkText.Descriptor("vmfs", "RW 8000 VMFS \"base.bin\"", "7")),
            ["delta.bin"] = extent,
            ["a.vmdk"] = Encoding.ASCII.GetBytes(VmdkText.Descriptor("custom", $"RW 8000 {kind} \"delta.bin\"", "8", "7", "base.vmdk")),
        },
        Image = "a.vmdk",
        Damaged = ["delta.bin", "delta.bin", "a.vmdk", "base.vmdk"],
    };

    private static FuzzImage SealedVhd(VhdBuilder builder) => new()
    {
        Files = new Dictionary<string, byte[]> { ["a.vhd"] = builder.Build(), ["base.vhd"] = Vhd.Build() },
        Image = "a.vhd",
        Hot = builder.Type == 2 ? [(Vhd.Content.Length, 90)] : [(0, 90), (512, 60), (512 + 576, 80), (0x600, 60)],
        Mend = bytes =>
        {
            if (bytes.Length >= 2048)
            {
                if (builder.Type != 2)
                {
                    VhdBuilder.Seal(bytes.AsSpan(0, Sector), 64);
                    VhdBuilder.Seal(bytes.AsSpan(Sector, 1024), 36);
                }

                VhdBuilder.Seal(bytes.AsSpan(bytes.Length - Sector), 64);
            }
        },
    };

    private static FuzzImage Qcow2(HandmadeQcow2 image)
    {
        var bytes = image.ToBytes();

        // A deflated cluster of zeros where compressed clusters look for one.
        using (var packed = new MemoryStream())
        {
            using (var deflate = new System.IO.Compression.DeflateStream(packed, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
            {
                deflate.Write(new byte[HandmadeQcow2.ClusterSize]);
            }

            packed.ToArray().CopyTo(bytes, (int)Qcow2Place);
            packed.ToArray().CopyTo(bytes, (int)Qcow2Place + 5000);
        }

        return new FuzzImage
        {
            Files = new Dictionary<string, byte[]> { ["a.qcow2"] = bytes, ["base.img"] = Fill(1 << 20), ["data.img"] = Fill(1 << 20) },
            Image = "a.qcow2",
            Hot = [(0, 112), (112, 160), (HandmadeQcow2.ClusterSize, 8), (2 * HandmadeQcow2.ClusterSize, 32)],
        };
    }
}
