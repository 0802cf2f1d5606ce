namespace Ferry.DiskImages.FileSystems.Ntfs;

/// <summary>The content of a file that is not in its record: clusters of the volume. Compressed, encrypted and sparse ones are not read; no system file is.</summary>
internal sealed class NtfsStream
{
    /// <summary>The most runs that are held: 24 MiB of memory.</summary>
    private const int MostRuns = 1 << 20;

    private readonly VolumeSource _volume;
    private readonly NtfsBootSector _boot;
    private readonly List<NtfsRun> _runs = [];

    /// <summary>Begins with the part of the content that the file's first attribute gives.</summary>
    /// <exception cref="VolumeRefusedException">It is damaged, or of a kind that is not read.</exception>
    internal NtfsStream(VolumeSource volume, NtfsBootSector boot, NtfsAttribute attribute)
    {
        (_volume, _boot) = (volume, boot);
        Length = (long)Math.Min(Math.Min(attribute.DataSize, attribute.InitialisedSize), long.MaxValue);
        if (attribute.Flags != 0 || attribute.Value is not null)
        {
            throw VolumeRefusedException.Inconsistent("A system file is in its record, compressed, sparse or encrypted.");
        }

        Append(attribute);
    }

    /// <summary>Bytes of the file that were ever written: what is behind them reads as zero, which here would mean free.</summary>
    internal long Length { get; }

    /// <summary>The runs, in the order of the file.</summary>
    internal IReadOnlyList<NtfsRun> Runs => _runs;

    /// <summary>Number of clusters of the file whose place is known.</summary>
    internal long MappedClusters => _runs.Count == 0 ? 0 : _runs[^1].FirstVcn + _runs[^1].Count;

    /// <summary>Adds the part that a further attribute gives.</summary>
    /// <exception cref="VolumeRefusedException">It does not follow the part before.</exception>
    internal void Append(NtfsAttribute attribute)
    {
        if (attribute.FirstVcn != (ulong)MappedClusters || _runs.Count > MostRuns)
        {
            throw VolumeRefusedException.Inconsistent("The parts of a system file do not follow one another, or are too many.");
        }

        NtfsRun.Read(attribute.Runs.Span, MappedClusters, _boot.Clusters, _runs);
    }

    /// <summary>Fills the buffer from the file.</summary>
    /// <exception cref="VolumeRefusedException">The place of these bytes is not known.</exception>
    internal async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (offset < 0 || offset > Length - buffer.Length)
        {
            throw VolumeRefusedException.Inconsistent("A system file is shorter than it has to be.");
        }

        while (!buffer.IsEmpty)
        {
            var run = Find(offset / _boot.ClusterSize);
            var within = offset - (run.FirstVcn * _boot.ClusterSize);
            var part = (int)Math.Min(buffer.Length, (run.Count * _boot.ClusterSize) - within);
            await _volume.ReadAsync((run.FirstLcn * _boot.ClusterSize) + within, buffer[..part], cancellationToken).ConfigureAwait(false);
            offset += part;
            buffer = buffer[part..];
        }
    }

    private NtfsRun Find(long vcn)
    {
        // The runs follow one another without gaps.
        var (below, above) = (0, _runs.Count);
        while (above - below > 1)
        {
            var middle = (below + above) / 2;
            (below, above) = _runs[middle].FirstVcn <= vcn ? (middle, above) : (below, middle);
        }

        return vcn < MappedClusters
            ? _runs[below]
            : throw VolumeRefusedException.Inconsistent("A part of a system file has no place on the volume.");
    }
}
