namespace Ferry.DiskImages.FileSystems.Ntfs;

/// <summary>The master file table: reads records by their number, and the content of system files, of which some records hold further parts.</summary>
internal sealed class NtfsMasterFileTable
{
    /// <summary>Records of the files that are read here (Linux-NTFS documentation, "Files").</summary>
    internal const ulong Mirror = 1, LogFile = 2, Volume = 3, Bitmap = 6, Boot = 7;

    private const int MostListBytes = 256 * 1024;

    private readonly VolumeSource _volume;
    private readonly NtfsBootSector _boot;
    private NtfsStream? _stream;

    private NtfsMasterFileTable(VolumeSource volume, NtfsBootSector boot) => (_volume, _boot) = (volume, boot);

    /// <summary>The table's own content.</summary>
    internal NtfsStream Stream => _stream!;

    /// <summary>Opens the table.</summary>
    /// <exception cref="VolumeRefusedException">It is damaged.</exception>
    internal static async ValueTask<NtfsMasterFileTable> OpenAsync(VolumeSource volume, NtfsBootSector boot, CancellationToken cancellationToken)
    {
        var table = new NtfsMasterFileTable(volume, boot);
        var bytes = await volume.ReadAsync((long)boot.MftCluster * boot.ClusterSize, boot.RecordSize, "master file table", cancellationToken).ConfigureAwait(false);
        await table.OpenStreamAsync(Check(0, NtfsFileRecord.Read(bytes), 0), 0, stream => table._stream = stream, cancellationToken).ConfigureAwait(false);
        return table.Stream.Runs is [{ FirstLcn: var first }, ..] && (ulong)first == boot.MftCluster
            ? table
            : throw VolumeRefusedException.Inconsistent("The master file table is not where the boot sector says.");
    }

    /// <summary>Reads a record of a system file.</summary>
    /// <exception cref="VolumeRefusedException">It is damaged.</exception>
    internal ValueTask<NtfsFileRecord> ReadAsync(ulong number, CancellationToken cancellationToken) => ReadAsync(number, 0, cancellationToken);

    /// <summary>Opens the content of a system file.</summary>
    /// <exception cref="VolumeRefusedException">It is damaged, or of a kind that is not read.</exception>
    internal async ValueTask<NtfsStream> OpenStreamAsync(ulong number, CancellationToken cancellationToken)
    {
        var record = await ReadAsync(number, cancellationToken).ConfigureAwait(false);
        return await OpenStreamAsync(record, number, _ => { }, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<NtfsStream> OpenStreamAsync(NtfsFileRecord record, ulong number, Action<NtfsStream> begun, CancellationToken cancellationToken)
    {
        var listed = record.Attributes.Where(attribute => attribute.Type == NtfsAttribute.AttributeList).ToList();
        var own = record.Attributes.Where(attribute => attribute is { Type: NtfsAttribute.Data, IsNamed: false }).ToList();
        if (own.Count == 1)
        {
            // The first part, which for the table itself is needed to find the others.
            var stream = new NtfsStream(_volume, _boot, own[0]);
            begun(stream);
            if (listed.Count > 0)
            {
                await AppendListedAsync(stream, listed[0], number, cancellationToken).ConfigureAwait(false);
            }

            return RequireWhole(stream);
        }

        if (own.Count > 1 || listed.Count == 0)
        {
            throw VolumeRefusedException.Inconsistent($"The system file {number} has no content, or several.");
        }

        return RequireWhole(await OpenListedAsync(listed[0], number, cancellationToken).ConfigureAwait(false));
    }

    private NtfsStream RequireWhole(NtfsStream stream) => stream.MappedClusters >= (stream.Length + _boot.ClusterSize - 1) / _boot.ClusterSize
        ? stream
        : throw VolumeRefusedException.Inconsistent("A part of a system file has no place on the volume.");

    /// <summary>The content of which no part is in the first record.</summary>
    private async ValueTask<NtfsStream> OpenListedAsync(NtfsAttribute list, ulong number, CancellationToken cancellationToken)
    {
        NtfsStream? stream = null;
        foreach (var entry in await ReadListAsync(list, cancellationToken).ConfigureAwait(false))
        {
            var part = await ReadPartAsync(entry, number, cancellationToken).ConfigureAwait(false);
            if (stream is null)
            {
                stream = new NtfsStream(_volume, _boot, part);
            }
            else
            {
                stream.Append(part);
            }
        }

        return stream ?? throw VolumeRefusedException.Inconsistent($"The system file {number} has no content.");
    }

    private async ValueTask AppendListedAsync(NtfsStream stream, NtfsAttribute list, ulong number, CancellationToken cancellationToken)
    {
        foreach (var entry in await ReadListAsync(list, cancellationToken).ConfigureAwait(false))
        {
            if (entry.FirstVcn != 0)
            {
                stream.Append(await ReadPartAsync(entry, number, cancellationToken).ConfigureAwait(false));
            }
        }
    }

    /// <summary>The entries of the content's parts, in the order of the file.</summary>
    private async ValueTask<IEnumerable<NtfsAttributeListEntry>> ReadListAsync(NtfsAttribute list, CancellationToken cancellationToken)
    {
        var bytes = list.Value;
        if (bytes is null)
        {
            var stream = new NtfsStream(_volume, _boot, list);
            if (stream.Length > MostListBytes)
            {
                throw VolumeRefusedException.Inconsistent("The attribute list of a system file is too long.");
            }

            var read = new byte[stream.Length];
            await stream.ReadAsync(0, read, cancellationToken).ConfigureAwait(false);
            bytes = read;
        }

        return NtfsAttributeListEntry.ReadAll(bytes.Value.Span).Where(entry => entry is { Type: NtfsAttribute.Data, IsNamed: false }).OrderBy(entry => entry.FirstVcn);
    }

    private async ValueTask<NtfsAttribute> ReadPartAsync(NtfsAttributeListEntry entry, ulong number, CancellationToken cancellationToken)
    {
        var record = await ReadAsync(entry.Record, entry.Record == number ? 0 : number, cancellationToken).ConfigureAwait(false);
        foreach (var attribute in record.Attributes)
        {
            if (attribute is { Type: NtfsAttribute.Data, IsNamed: false } && attribute.FirstVcn == entry.FirstVcn)
            {
                return attribute;
            }
        }

        throw VolumeRefusedException.Inconsistent($"A part of the system file {number} is not in record {entry.Record}.");
    }

    private async ValueTask<NtfsFileRecord> ReadAsync(ulong number, ulong baseRecord, CancellationToken cancellationToken)
    {
        var bytes = new byte[_boot.RecordSize];
        await Stream.ReadAsync((long)Math.Min(number, int.MaxValue * 2UL) * _boot.RecordSize, bytes, cancellationToken).ConfigureAwait(false);
        return Check(number, NtfsFileRecord.Read(bytes), baseRecord);
    }

    private static NtfsFileRecord Check(ulong number, NtfsFileRecord? record, ulong baseRecord) =>
        record is { IsInUse: true } used && used.BaseRecord == baseRecord
            ? used
            : throw VolumeRefusedException.Inconsistent($"Record {number} of the master file table is damaged, or not what it should be.");
}
