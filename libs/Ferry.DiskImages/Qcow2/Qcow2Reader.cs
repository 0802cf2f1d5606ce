using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Qcow2;

/// <summary>The active state of a QCOW2 disk, upon its backing file.</summary>
internal sealed class Qcow2Reader : IDiskImageReader, IDiskImageStructure
{
    private readonly IByteSource _source;
    private readonly IByteSource _data;
    private readonly ParentDisk _parent;
    private readonly Qcow2Geometry _geometry;
    private readonly ClusterMap _map;
    private readonly CompressedClusters _compressed;
    private readonly Qcow2Use _use;

    /// <summary>Creates the reader; it owns files and parent.</summary>
    /// <param name="source">The image.</param>
    /// <param name="data">The external data file, or null.</param>
    /// <param name="parent">What is below.</param>
    /// <param name="header">The checked header.</param>
    /// <param name="geometry">Sizes.</param>
    /// <param name="cache">Keeps pages of the tables.</param>
    /// <param name="properties">What is to be said of the image.</param>
    /// <param name="contentId">What the image holds, or null.</param>
    internal Qcow2Reader(
        IByteSource source,
        IByteSource? data,
        ParentDisk parent,
        Qcow2Header header,
        Qcow2Geometry geometry,
        PageCache cache,
        IReadOnlyDictionary<string, string> properties,
        string? contentId)
    {
        _source = source;
        _data = data ?? source;
        _parent = parent;
        _geometry = geometry;
        _map = new ClusterMap(source, geometry, (long)header.L1Offset, header.Version, data is not null, cache);
        _compressed = new CompressedClusters(source, _map, geometry, (Qcow2Compression)header.CompressionType);
        _use = new Qcow2Use(source, header, geometry, _map, data is null ? 0 : 1);
        string[] files = data is null ? [source.Name] : [source.Name, data.Name];
        Info = new DiskImageInfo
        {
            Format = DiskImageFormat.Qcow2,
            Variant = header.Version == 2 ? "v2" : "v3",
            Capacity = geometry.Capacity,
            BlockSize = geometry.ClusterSize,
            Properties = properties,
            ContentId = contentId,
            Parent = parent.Info,
            Files = [.. files, .. parent.Info?.Files ?? []],
        };
    }

    /// <inheritdoc/>
    public DiskImageInfo Info { get; }

    /// <inheritdoc/>
    public long Capacity => _geometry.Capacity;

    /// <inheritdoc/>
    public IReadOnlyList<SourcePin> Pins => HasDataFile ? [_source.Pin, _data.Pin, .. _parent.Pins] : [_source.Pin, .. _parent.Pins];

    /// <inheritdoc/>
    public IReadOnlyList<IByteSource> OwnFiles => HasDataFile ? [_source, _data] : [_source];

    /// <inheritdoc/>
    public long LeakUnit => _use.LeakUnit;

    private bool HasDataFile => !ReferenceEquals(_source, _data);

    /// <summary>Reads runs of clusters that stand side by side in the file at once.</summary>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, buffer.Length, Capacity);
        SourceWindow? window = null;
        try
        {
            ClusterRun? found = null;
            while (!buffer.IsEmpty)
            {
                var run = found ?? await _map.FindAsync(offset, cancellationToken).ConfigureAwait(false);
                found = null;
                int count;
                if (run.Kind == ClusterKind.Compressed)
                {
                    window ??= new SourceWindow(_source);
                    count = await _compressed.ReadAsync(window, offset, buffer, run, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    while (run.Length < buffer.Length)
                    {
                        found = await _map.FindAsync(offset + run.Length, cancellationToken).ConfigureAwait(false);
                        if (!run.Continues(found.Value))
                        {
                            break;
                        }

                        run = run with { Length = run.Length + found.Value.Length };
                    }

                    count = (int)Math.Min(run.Length, buffer.Length);
                    await ReadRunAsync(run, offset, buffer[..count], cancellationToken).ConfigureAwait(false);
                }

                buffer = buffer[count..];
                offset += count;
            }
        }
        finally
        {
            window?.Release();
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, length, Capacity);
        return EnumerateAsync(offset, length, cancellationToken).MergeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<UsedRange> GetUsedRangesAsync(CancellationToken cancellationToken) => _use.GetRangesAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask CheckAsync(Action<ImageCheckError> report, CancellationToken cancellationToken) => _use.CheckRefcountsAsync(report, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default)
    {
        await _source.VerifyUnchangedAsync(cancellationToken).ConfigureAwait(false);
        if (HasDataFile)
        {
            await _data.VerifyUnchangedAsync(cancellationToken).ConfigureAwait(false);
        }

        await _parent.VerifyUnchangedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync().ConfigureAwait(false);
        if (HasDataFile)
        {
            await _data.DisposeAsync().ConfigureAwait(false);
        }

        await _parent.DisposeAsync().ConfigureAwait(false);
    }

    private ValueTask ReadRunAsync(ClusterRun run, long offset, Memory<byte> target, CancellationToken cancellationToken)
    {
        switch (run.Kind)
        {
            case ClusterKind.Data:
                return _data.ReadAsync(run.Position, target, cancellationToken);
            case ClusterKind.Unallocated:
                return _parent.ReadAsync(offset, target, cancellationToken);
            default:
                target.Span.Clear();
                return ValueTask.CompletedTask;
        }
    }

    private async IAsyncEnumerable<DiskExtent> EnumerateAsync(long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = offset + length;
        var guard = new OverlapGuard(_source, _geometry);
        while (offset < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var run = await _map.FindAsync(offset, cancellationToken).ConfigureAwait(false);
            await guard.EnterAsync(_map, offset, cancellationToken).ConfigureAwait(false);
            var count = Math.Min(end - offset, run.Length);
            switch (run.Kind)
            {
                case ClusterKind.Unallocated:
                    // The parent is asked once for a gap, however many tables it goes through.
                    count = await MeasureGapAsync(offset, count, end, guard, cancellationToken).ConfigureAwait(false);
                    await foreach (var extent in _parent.GetExtentsAsync(offset, count, cancellationToken).ConfigureAwait(false))
                    {
                        yield return extent;
                    }

                    break;
                case ClusterKind.Data:
                    // Clusters may be given room in advance (preallocation=metadata): then they are holes of the file.
                    run = await MeasureDataAsync(run with { Length = count }, offset, end, guard, cancellationToken).ConfigureAwait(false);
                    count = run.Length;
                    await foreach (var extent in _data.GetExtentsAsync(run.Position, count, cancellationToken).ConfigureAwait(false))
                    {
                        yield return extent with { Offset = extent.Offset - run.Position + offset };
                    }

                    break;
                default:
                    yield return new DiskExtent(offset, count, run.Kind == ClusterKind.Zero ? ExtentKind.Zero : ExtentKind.Data);
                    break;
            }

            offset += count;
        }
    }

    /// <summary>Joins clusters that stand side by side in the file; all must lie within it.</summary>
    private async ValueTask<ClusterRun> MeasureDataAsync(ClusterRun run, long offset, long end, OverlapGuard guard, CancellationToken cancellationToken)
    {
        while (offset + run.Length < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = await _map.FindAsync(offset + run.Length, cancellationToken).ConfigureAwait(false);
            if (!run.Continues(next))
            {
                break;
            }

            await guard.EnterAsync(_map, offset + run.Length, cancellationToken).ConfigureAwait(false);
            run = run with { Length = Math.Min(end - offset, run.Length + next.Length) };
        }

        SourceBounds.Require(_data, run.Position, run.Length, "cluster");
        if (!HasDataFile)
        {
            guard.Add(run.Length);
        }

        return run;
    }

    private async ValueTask<long> MeasureGapAsync(long offset, long length, long end, OverlapGuard guard, CancellationToken cancellationToken)
    {
        while (offset + length < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = await _map.FindAsync(offset + length, cancellationToken).ConfigureAwait(false);
            if (next.Kind != ClusterKind.Unallocated)
            {
                break;
            }

            await guard.EnterAsync(_map, offset + length, cancellationToken).ConfigureAwait(false);
            length = Math.Min(end - offset, length + next.Length);
        }

        return length;
    }
}
