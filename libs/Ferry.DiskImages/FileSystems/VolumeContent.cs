using Ferry.DiskImages.FileSystems.Ext;
using Ferry.DiskImages.FileSystems.Fat;
using Ferry.DiskImages.FileSystems.Ntfs;
using Ferry.DiskImages.FileSystems.Xfs;
using Ferry.DiskImages.Lvm;
using Ferry.DiskImages.Partitions.Mbr;

namespace Ferry.DiskImages.FileSystems;

/// <summary>What is in a volume, by the marks that are found in it.</summary>
/// <param name="Kinds">The names of everything that was recognised, each once.</param>
/// <param name="FileSystem">The file system, when it is all that was recognised.</param>
/// <param name="HasPartitions">Whether it begins with a partition table that has entries.</param>
internal sealed record VolumeContent(IReadOnlyList<string> Kinds, IFileSystem? FileSystem, bool HasPartitions)
{
    /// <summary>The kind of a physical volume of LVM.</summary>
    internal const string Lvm = "lvm2";

    /// <summary>Whether it is a physical volume of LVM and nothing else.</summary>
    internal bool IsPhysicalVolume => Kinds is [Lvm];

    /// <summary>The content's name: null when nothing, or not one thing alone, was recognised.</summary>
    internal string? Kind => Kinds is [var kind] ? kind : null;

    /// <summary>The same for a volume within a disk, where a partition table is one more kind of content: that of a virtual machine's disk.</summary>
    internal VolumeContent WithPartitions() => HasPartitions ? new VolumeContent([.. Kinds, "partitions"], null, true) : this;

    /// <summary>Looks at both ends of a volume.</summary>
    internal static async ValueTask<VolumeContent> IdentifyAsync(VolumeSource volume, CancellationToken cancellationToken)
    {
        var head = new byte[Math.Min(ForeignSignatures.HeadSize, volume.Length)];
        await volume.ReadAsync(0, head, cancellationToken).ConfigureAwait(false);
        var tail = new byte[Math.Min(ForeignSignatures.TailSize, volume.Length)];
        await volume.ReadAsync(volume.Length - tail.Length, tail, cancellationToken).ConfigureAwait(false);

        List<IFileSystem?> candidates = [ExtFileSystem.Recognise(volume, head), XfsFileSystem.Recognise(volume, head), NtfsFileSystem.Recognise(volume, head), FatFileSystem.Recognise(volume, head)];
        var found = candidates.OfType<IFileSystem>().ToList();
        var kinds = found.Select(fileSystem => fileSystem.Kind).Concat(ForeignSignatures.Find(head, tail, volume.Length)).ToList();
        if (PhysicalVolumeLabel.Find(head) is not null)
        {
            kinds.Add(Lvm);
        }

        kinds = [.. kinds.Distinct(StringComparer.Ordinal)];
        var partitions = head.Length >= BootRecord.Size && BootRecord.IsValid(head) && BootRecord.Read(head).Entries.Any(entry => entry.IsUsed);
        return new VolumeContent(kinds, kinds.Count == 1 && found.Count == 1 ? found[0] : null, partitions);
    }
}
