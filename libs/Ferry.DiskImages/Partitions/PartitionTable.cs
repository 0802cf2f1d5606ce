using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Partitions.Gpt;
using Ferry.DiskImages.Partitions.Mbr;

namespace Ferry.DiskImages.Partitions;

/// <summary>The partition table of a disk: MBR with extended partitions, GPT from either copy, or none.</summary>
public sealed record PartitionTable
{
    /// <summary>The kind of table.</summary>
    public required PartitionScheme Scheme { get; init; }

    /// <summary>Size in bytes of the sectors that the table counts in: 512 or 4096.</summary>
    public required int SectorSize { get; init; }

    /// <summary>The disk's id: the GUID of a GPT, or the 8 hexadecimal digits of an MBR signature; null where there is none.</summary>
    public string? DiskId { get; init; }

    /// <summary>The partitions in the order of the disk, containers before what they hold.</summary>
    public IReadOnlyList<Partition> Partitions { get; init; } = [];

    /// <summary>What is wrong with the table.</summary>
    public IReadOnlyList<VolumeFinding> Findings { get; init; } = [];

    /// <summary>Whether it cannot be told which table, or which copy of it, systems go by: no byte of the disk is known to be unused then.</summary>
    public bool IsDoubtful { get; init; }

    /// <summary>Reads the table of a disk.</summary>
    /// <param name="disk">The disk; the caller keeps ownership.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The table. What is wrong with it is a finding.</returns>
    /// <exception cref="DiskImageException">The disk cannot be read.</exception>
    public static async ValueTask<PartitionTable> ReadAsync(IDiskImageReader disk, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var record = await MbrReader.ReadRecordAsync(disk, cancellationToken).ConfigureAwait(false);
        if (record is { IsProtective: true } protective)
        {
            var gpt = await GptReader.ReadAsync(disk, cancellationToken).ConfigureAwait(false);
            return gpt is null ? Lost(disk) : HybridRecord.Check(gpt, protective);
        }

        // Systems take a GPT only where the first sector says that there is one (UEFI 2.10, 5.2.3); one without that may be a remainder.
        var unprotected = await GptReader.ReadFirstAsync(disk, cancellationToken).ConfigureAwait(false);
        if (record is { } mbr)
        {
            var table = await MbrReader.ReadAsync(disk, mbr, cancellationToken).ConfigureAwait(false);
            return unprotected is null ? table : table.Doubt("There is also a GPT, which the master boot record does not protect.");
        }

        return unprotected?.Doubt("No master boot record protects the GPT, so that systems may ignore it.")
            ?? new PartitionTable { Scheme = PartitionScheme.None, SectorSize = disk.Info.LogicalSectorSize };
    }

    /// <summary>The same table with one more finding that concerns all of it.</summary>
    internal PartitionTable Doubt(string message) => With(VolumeFindings.PartitionsInconsistent, message) with { IsDoubtful = true };

    /// <summary>The same table with one more finding.</summary>
    internal PartitionTable With(string code, string message) => this with { Findings = [.. Findings, new VolumeFinding(code, "disk", message)] };

    private static PartitionTable Lost(IDiskImageReader disk) =>
        new PartitionTable { Scheme = PartitionScheme.Gpt, SectorSize = disk.Info.LogicalSectorSize }.Doubt("Both copies of the GPT are damaged or missing.");
}
