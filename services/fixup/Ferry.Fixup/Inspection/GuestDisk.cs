namespace Ferry.Fixup.Inspection;

/// <summary>A disk as the appliance sees it.</summary>
/// <param name="Index">Position in the machine.</param>
/// <param name="Device">Name in the appliance.</param>
/// <param name="Size">Bytes.</param>
/// <param name="PartitionTable"><c>msdos</c>, <c>gpt</c>, or empty.</param>
/// <param name="HasEfiSystemPartition">Whether a GPT partition is one.</param>
/// <param name="HasBiosBootPartition">Whether a GPT partition is one.</param>
public sealed record GuestDisk(int Index, string Device, long Size, string PartitionTable, bool HasEfiSystemPartition, bool HasBiosBootPartition)
{
    /// <summary>What Windows combines from partitions of the disk, which nothing but Windows opens: <c>dynamic disks</c>, <c>Storage Spaces</c>; null when it does not.</summary>
    public string? Combined { get; init; }
}
