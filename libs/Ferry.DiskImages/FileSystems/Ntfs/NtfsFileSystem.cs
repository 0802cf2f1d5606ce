using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.FileSystems.Ntfs;

/// <summary>
/// NTFS: what is unused is what $Bitmap says to be free. The copy of the boot sector behind the last cluster, and all else that is no cluster, is used. Believed
/// only when the volume is not marked dirty, its log is clean, there are no shadow copies, and the bitmap knows its own clusters and those of the other system files.
/// </summary>
/// <param name="volume">The volume.</param>
/// <param name="head">Its start.</param>
internal sealed class NtfsFileSystem(VolumeSource volume, byte[] head) : IFileSystem
{
    private const int WindowBytes = 256 * 1024;

    // Dirty, log to be resized, upgrade at mount, journal being deleted, object ids to be repaired, chkdsk under way.
    private const ushort DirtyFlags = 0x0001 | 0x0002 | 0x0004 | 0x0010 | 0x0020 | 0x4000;

    /// <inheritdoc/>
    public string Kind => "ntfs";

    /// <inheritdoc/>
    public string Label { get; private set; } = "";

    /// <summary>Looks for a boot sector.</summary>
    /// <returns>Null when there is none.</returns>
    internal static NtfsFileSystem? Recognise(VolumeSource volume, byte[] head) =>
        head.Length >= NtfsBootSector.Size && NtfsBootSector.IsMatch(head) ? new NtfsFileSystem(volume, head) : null;

    /// <inheritdoc/>
    public async ValueTask FindUnusedAsync(UnusedRanges unused, CancellationToken cancellationToken)
    {
        var boot = NtfsBootSector.Read(head, volume.Length);
        var table = await NtfsMasterFileTable.OpenAsync(volume, boot, cancellationToken).ConfigureAwait(false);
        RequireClean(await table.ReadAsync(NtfsMasterFileTable.Volume, cancellationToken).ConfigureAwait(false));
        var log = await table.OpenStreamAsync(NtfsMasterFileTable.LogFile, cancellationToken).ConfigureAwait(false);
        if (!await NtfsLogState.IsCleanAsync(log, cancellationToken).ConfigureAwait(false))
        {
            throw VolumeRefusedException.Dirty("The log of the file system is not clean: Windows runs, is hibernated, was shut down fast, or was switched off.");
        }

        if (await NtfsShadowCopies.ExistAsync(volume, cancellationToken).ConfigureAwait(false))
        {
            throw new VolumeRefusedException(VolumeFindings.HasSnapshots, "The volume has shadow copies, which need clusters that the file system no longer does.");
        }

        var bitmap = await table.OpenStreamAsync(NtfsMasterFileTable.Bitmap, cancellationToken).ConfigureAwait(false);
        var mirror = await table.OpenStreamAsync(NtfsMasterFileTable.Mirror, cancellationToken).ConfigureAwait(false);
        var bootFile = await table.OpenStreamAsync(NtfsMasterFileTable.Boot, cancellationToken).ConfigureAwait(false);
        List<NtfsRun> system = [.. bootFile.Runs, .. table.Stream.Runs, .. mirror.Runs, .. log.Runs, .. bitmap.Runs];
        system.Sort((left, right) => left.FirstLcn.CompareTo(right.FirstLcn));
        for (var i = 0; i < system.Count; i++)
        {
            if (system[i].FirstLcn < (i == 0 ? 0 : system[i - 1].FirstLcn + system[i - 1].Count))
            {
                throw VolumeRefusedException.Inconsistent($"Cluster {system[i].FirstLcn} belongs to two system files.");
            }
        }

        await ReadBitmapAsync(boot, bitmap, system, unused, cancellationToken).ConfigureAwait(false);
    }

    private void RequireClean(NtfsFileRecord record)
    {
        foreach (var attribute in record.Attributes)
        {
            if (attribute is { Type: NtfsAttribute.VolumeName, Value: { } name })
            {
                Label = Encoding.Unicode.GetString(name.Span);
            }
        }

        foreach (var attribute in record.Attributes)
        {
            if (attribute is { Type: NtfsAttribute.VolumeInformation, Value: { Length: >= 12 } information })
            {
                var (major, flags) = (information.Span[8], BinaryPrimitives.ReadUInt16LittleEndian(information.Span[10..]));
                if (major is not (1 or 3))
                {
                    throw VolumeRefusedException.Unsupported($"Version {major} of the file system is not known.");
                }

                if ((flags & DirtyFlags) != 0)
                {
                    throw VolumeRefusedException.Dirty("The volume is marked as dirty.");
                }

                return;
            }
        }

        throw VolumeRefusedException.Inconsistent("The volume has no information of its own.");
    }

    private static async ValueTask ReadBitmapAsync(NtfsBootSector boot, NtfsStream bitmap, List<NtfsRun> system, UnusedRanges unused, CancellationToken cancellationToken)
    {
        var window = new byte[WindowBytes];
        var next = 0;
        for (var first = 0L; first < boot.Clusters; first += WindowBytes * 8L)
        {
            var count = (int)Math.Min(WindowBytes * 8L, boot.Clusters - first);
            var bytes = window.AsMemory(0, (count + 7) / 8);
            await bitmap.ReadAsync(first / 8, bytes, cancellationToken).ConfigureAwait(false);
            var runs = new FreeRuns(bytes.Span, count);
            while (runs.MoveNext())
            {
                var free = first + runs.First;
                while (next < system.Count && system[next].FirstLcn + system[next].Count <= free)
                {
                    next++;
                }

                if (next < system.Count && system[next].FirstLcn < free + runs.Count)
                {
                    throw VolumeRefusedException.Inconsistent("The bitmap says that a cluster of a system file is free.");
                }

                unused.Add(free * boot.ClusterSize, (long)runs.Count * boot.ClusterSize);
            }
        }
    }
}
