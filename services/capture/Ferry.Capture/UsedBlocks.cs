using Ferry.Capture.Sources;
using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.DiskImages;
using Ferry.DiskImages.FileSystems;

namespace Ferry.Capture;

/// <summary>What the file systems of a machine's disks say of their blocks, and what the operator should know of that.</summary>
internal static class UsedBlocks
{
    private const int MostFindings = 100;

    /// <summary>Reads the maps of all disks together, as volume groups span them.</summary>
    /// <param name="disks">The disks as the machine describes them.</param>
    /// <param name="images">The disks, open.</param>
    /// <param name="minimumLength">Shorter unused ranges are of no use, in bytes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SourceException">A disk cannot be read.</exception>
    public static async Task<IReadOnlyList<UsedBlockMap>> ReadAsync(
        IReadOnlyList<MachineDisk> disks, IReadOnlyList<IDiskImageReader> images, long minimumLength, CancellationToken cancellationToken)
    {
        try
        {
            return await UsedBlockMap.ReadAllAsync(images, new UsedBlockMapOptions { MinimumLength = minimumLength }, cancellationToken);
        }
        catch (DiskImageException e)
        {
            throw SourceFailures.From(e, string.Join(", ", disks.Select(disk => disk.Image)));
        }
    }

    /// <summary>The findings of all maps. A hostile partition table cannot make a million.</summary>
    public static IEnumerable<Finding> Findings(IReadOnlyList<MachineDisk> disks, IReadOnlyList<UsedBlockMap> maps) =>
        disks.Zip(maps).SelectMany(pair => pair.Second.Findings.Select(found => ToFinding(pair.First, found))).Take(MostFindings);

    private static Finding ToFinding(MachineDisk disk, VolumeFinding found)
    {
        var (severity, remedy) = found.Code switch
        {
            VolumeFindings.Unknown or VolumeFindings.Unsupported or VolumeFindings.LvmUnsupported => (FindingSeverity.Information, "All of it is moved."),
            VolumeFindings.PartitionsFromBackup or VolumeFindings.PartitionsWithoutBackup => (FindingSeverity.Warning, "Repair the table at the source or at the target."),
            VolumeFindings.PartitionsInconsistent => (FindingSeverity.Warning, "What is concerned is moved as a whole. Repair the table, or see that the target is."),
            VolumeFindings.Dirty => (FindingSeverity.Warning, "All of it is moved. Start the machine and shut it down cleanly to move less."),
            VolumeFindings.HasSnapshots => (FindingSeverity.Information, "All of it is moved. Delete the shadow copies (vssadmin delete shadows) to move less."),
            VolumeFindings.Inconsistent => (FindingSeverity.Warning, "All of it is moved. Check the file system at the source (fsck, chkdsk): the target will have the same faults."),
            VolumeFindings.LvmIncomplete => (FindingSeverity.Warning, "All of it is moved. Add the missing disk to the machine if it belongs there."),
            _ => (FindingSeverity.Warning, "All of it is moved."),
        };
        return new Finding { Id = found.Code, Severity = severity, Message = $"{disk.Image}, {found.Volume}: {found.Message}", Remedy = remedy };
    }
}
