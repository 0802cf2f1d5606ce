using System.Globalization;

namespace Ferry.DiskImages.Partitions;

/// <summary>The partition types that matter here: names for people, and those whose content is only a part of something else.</summary>
internal static class PartitionTypes
{
    /// <summary>MBR: unused entry.</summary>
    internal const byte Empty = 0x00;

    /// <summary>MBR: the entry that protects a GPT from programs that do not know it (UEFI 2.10, 5.2.3).</summary>
    internal const byte Protective = 0xee;

    private static readonly Dictionary<byte, string> MbrNames = new()
    {
        [0x01] = "FAT12", [0x04] = "FAT16", [0x05] = "extended", [0x06] = "FAT16", [0x07] = "NTFS/exFAT", [0x0b] = "FAT32", [0x0c] = "FAT32 LBA",
        [0x0e] = "FAT16 LBA", [0x0f] = "extended LBA", [0x27] = "Windows recovery", [0x42] = "LDM", [0x82] = "Linux swap", [0x83] = "Linux",
        [0x85] = "Linux extended", [0x8e] = "Linux LVM", [0xa5] = "FreeBSD", [0xee] = "GPT protective", [0xef] = "EFI system", [0xfd] = "Linux RAID",
    };

    private static readonly Dictionary<Guid, string> GptNames = new()
    {
        [new("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")] = "EFI system",
        [new("21686148-6449-6e6f-744e-656564454649")] = "BIOS boot",
        [new("e3c9e316-0b5c-4db8-817d-f92df00215ae")] = "Microsoft reserved",
        [new("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7")] = "Microsoft basic data",
        [new("de94bba4-06d1-4d40-a16a-bfd50179d6ac")] = "Windows recovery",
        [LdmMetadata] = "LDM metadata",
        [LdmData] = "LDM data",
        [StorageSpaces] = "Storage Spaces",
        [new("0fc63daf-8483-4772-8e79-3d69d8477de4")] = "Linux filesystem",
        [new("0657fd6d-a4ab-43c4-84e5-0933c84b4f4f")] = "Linux swap",
        [new("e6d6d379-f507-44c2-a23c-238f2a3df928")] = "Linux LVM",
        [LinuxRaid] = "Linux RAID",
        [new("4f68bce3-e8cd-4db1-96e7-fbcaf984b709")] = "Linux root (x86-64)",
        [new("bc13c2ff-59e6-4262-a352-b275fd6f7172")] = "Linux extended boot",
    };

    private static Guid LdmMetadata => new("5808c8aa-7e8f-42e0-85d2-e1e90434cfb3");

    private static Guid LdmData => new("af9b60a0-1431-4f62-bc68-3311714a69ad");

    private static Guid StorageSpaces => new("e75caf8f-f680-4cee-afa3-b001e56efc2d");

    private static Guid LinuxRaid => new("a19d880f-05fc-4d3b-a006-743f0f84911e");

    /// <summary>Whether an MBR entry of that type holds a chain of further entries.</summary>
    internal static bool IsExtended(byte type) => type is 0x05 or 0x0f or 0x85;

    /// <summary>Whether the partition belongs to a volume manager that is not read here: a file system that seems to begin in it may be striped over several disks.</summary>
    internal static bool IsPartOfSomething(Partition partition) =>
        partition.MbrType is 0x42 or 0xfd
        || (partition.TypeId is { } type && (type == LdmMetadata || type == LdmData || type == StorageSpaces || type == LinuxRaid));

    /// <summary>Name for people.</summary>
    internal static string Name(byte type) => MbrNames.TryGetValue(type, out var name) ? name : string.Create(CultureInfo.InvariantCulture, $"0x{type:x2}");

    /// <summary>Name for people.</summary>
    internal static string Name(Guid type) => GptNames.TryGetValue(type, out var name) ? name : type.ToString();
}
