using System.Globalization;
using Ferry.Fixup.Appliance;

namespace Ferry.Fixup.Inspection;

/// <summary>Disks, partitions and file systems as the appliance lists them.</summary>
/// <param name="Disks">Disks in the machine's order.</param>
/// <param name="FileSystems">What is on partitions, whole disks and logical volumes.</param>
public sealed record DiskLayout(IReadOnlyList<GuestDisk> Disks, IReadOnlyList<GuestFileSystem> FileSystems)
{
    private const string EfiSystem = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";
    private const string BiosBoot = "21686148-6449-6E6F-744E-656564454649";

    private const string LdmMbr = "66";

    /// <summary>Types of partitions that Windows combines.</summary>
    private static readonly (string Type, string Kind)[] Combining =
    [
        ("5808C8AA-7E8F-42E0-85D2-E1E90434CFB3", "dynamic disks"), ("AF9B60A0-1431-4F62-BC68-3311714A69AD", "dynamic disks"), (LdmMbr, "dynamic disks"),
        ("E75CAF8F-F680-4CEE-AFA3-B001E56EFC2D", "Storage Spaces"),
    ];

    /// <summary>Asks the appliance.</summary>
    public static async Task<DiskLayout> ReadAsync(ApplianceSession session, CancellationToken cancellationToken)
    {
        var types = new Dictionary<string, HashSet<string>>();
        foreach (var partition in (await session.CallAsync("partitions", [], cancellationToken)).Values)
        {
            var place = (await session.CallAsync("partition", [partition], cancellationToken)).Values;
            if ((await TryAsync(session, "gpttype", [place[0], place[1]], cancellationToken) ?? await TryAsync(session, "mbrtype", [place[0], place[1]], cancellationToken)) is [var type])
            {
                types.TryAdd(place[0], []);
                types[place[0]].Add(type.ToUpperInvariant());
            }
        }

        var disks = new List<GuestDisk>();
        foreach (var device in (await session.CallAsync("devices", [], cancellationToken)).Values)
        {
            var size = (await session.CallAsync("devicesize", [device], cancellationToken)).Values[0];
            var table = await TryAsync(session, "parttype", [device], cancellationToken) is [var kind] ? kind : "";
            var gpt = types.GetValueOrDefault(device, []);
            disks.Add(new GuestDisk(disks.Count, device, long.Parse(size, CultureInfo.InvariantCulture), table, gpt.Contains(EfiSystem), gpt.Contains(BiosBoot))
            {
                Combined = Combining.FirstOrDefault(c => gpt.Contains(c.Type)).Kind,
            });
        }

        var fileSystems = new List<GuestFileSystem>();
        var listed = (await session.CallAsync("filesystems", [], cancellationToken)).Values;
        for (var i = 0; i + 1 < listed.Count; i += 2)
        {
            fileSystems.Add(await DescribeAsync(session, listed[i], listed[i + 1], cancellationToken));
        }

        return new DiskLayout(disks, BtrfsVolumes.Resolve(fileSystems));
    }

    private static async Task<GuestFileSystem> DescribeAsync(ApplianceSession session, string device, string type, CancellationToken cancellationToken)
    {
        var tags = new Dictionary<string, string>();
        var values = await TryAsync(session, "blkid", [device], cancellationToken) ?? [];
        for (var i = 0; i + 1 < values.Count; i += 2)
        {
            tags[values[i]] = values[i + 1];
        }

        string Tag(string name) => tags.GetValueOrDefault(name, "");
        return new GuestFileSystem(device, type == "unknown" && Tag("TYPE").Length > 0 ? Tag("TYPE") : type, Tag("UUID"), Tag("LABEL"), Tag("PART_ENTRY_UUID"));
    }

    /// <summary>For questions that have no answer on some devices (a disk without a table, a partition without content).</summary>
    private static async Task<IReadOnlyList<string>?> TryAsync(ApplianceSession session, string operation, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return (await session.CallAsync(operation, arguments, cancellationToken)).Values;
        }
        catch (GuestfsException)
        {
            return null;
        }
    }
}
