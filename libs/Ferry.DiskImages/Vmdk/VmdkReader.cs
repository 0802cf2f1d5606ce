using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>A VMware disk: its extents one after the other, and below them, where they have nothing, its parent.</summary>
internal sealed class VmdkReader : IDiskImageReader, IDiskImageStructure
{
    private const long SmallestLeak = 64 * 1024;

    private readonly IReadOnlyList<IByteSource> _sources;
    private readonly IVmdkExtent[] _extents;
    private readonly long[] _starts;
    private readonly ParentDisk _parent;

    /// <summary>Creates the reader; it owns the sources and the parent.</summary>
    internal VmdkReader(VmdkDescriptor descriptor, IReadOnlyList<IVmdkExtent> extents, IReadOnlyList<IByteSource> sources, ParentDisk parent)
    {
        _sources = sources;
        _parent = parent;
        Cid = descriptor.Cid;
        _extents = [.. extents];
        _starts = new long[_extents.Length];
        for (var i = 0; i < _extents.Length; i++)
        {
            _starts[i] = Capacity;
            Capacity += _extents[i].Length;
        }

        Info = new DiskImageInfo
        {
            Format = DiskImageFormat.Vmdk,
            Variant = descriptor.CreateType,
            DiskId = descriptor.Writing?.DiskId,
            ContentId = descriptor.Writing?.ContentId,
            Capacity = Capacity,
            BlockSize = _extents.Max(e => e.GrainBytes),
            Files = [.. sources.Select(s => s.Name), .. parent.Info?.Files ?? []],
            Parent = parent.Info,
            Properties = Describe(descriptor, extents),
        };
    }

    /// <summary>The content id of the descriptor, which a child must name; null when there is none.</summary>
    internal uint? Cid { get; }

    /// <inheritdoc/>
    public DiskImageInfo Info { get; }

    /// <inheritdoc/>
    public long Capacity { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SourcePin> Pins => [.. _sources.Select(s => s.Pin), .. _parent.Pins];

    /// <inheritdoc/>
    public IReadOnlyList<IByteSource> OwnFiles => _sources;

    /// <inheritdoc/>
    public long LeakUnit => _extents.Any(e => e.LeakUnit == 0 && e.GrainBytes > 0) ? 0 : Math.Max(Info.BlockSize, SmallestLeak);

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, buffer.Length, Capacity);
        if (buffer.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }

        var index = Find(offset);
        var extent = _extents[index];
        var inExtent = offset - _starts[index];
        return inExtent + buffer.Length <= extent.Length
            ? extent.ReadAsync(inExtent, buffer, cancellationToken)
            : ReadAcrossAsync(index, inExtent, buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, length, Capacity);
        return EnumerateAsync(offset, length, cancellationToken).MergeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UsedRange> GetUsedRangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_extents.All(e => !ReferenceEquals(e.Source, _sources[0])))
        {
            yield return new UsedRange(0, 0, _sources[0].Length, "descriptor");
        }

        var files = _sources.Select((source, i) => (source, i)).ToDictionary(f => f.source, f => f.i);
        foreach (var extent in _extents.Where(e => e.Source is not null))
        {
            await foreach (var range in extent.GetUsedRangesAsync(files[extent.Source!], cancellationToken).ConfigureAwait(false))
            {
                yield return range;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default)
    {
        foreach (var source in _sources)
        {
            await source.VerifyUnchangedAsync(cancellationToken).ConfigureAwait(false);
        }

        await _parent.VerifyUnchangedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }

        await _parent.DisposeAsync().ConfigureAwait(false);
    }

    private static Dictionary<string, string> Describe(VmdkDescriptor descriptor, IReadOnlyList<IVmdkExtent> extents)
    {
        var properties = new Dictionary<string, string>(descriptor.Properties) { ["cid"] = VmdkDescriptorParser.Text(descriptor.Cid) };
        if (descriptor.ParentCid is not null)
        {
            properties["parentCid"] = VmdkDescriptorParser.Text(descriptor.ParentCid);
        }

        if (extents.Any(e => e.UsesRedundantDirectory))
        {
            properties["damage"] = "the grain directory lies outside the file; the redundant one is used";
        }

        return properties;
    }

    private async ValueTask ReadAcrossAsync(int index, long inExtent, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var extent = _extents[index++];
            var count = (int)Math.Min(buffer.Length, extent.Length - inExtent);
            await extent.ReadAsync(inExtent, buffer[..count], cancellationToken).ConfigureAwait(false);
            buffer = buffer[count..];
            inExtent = 0;
        }
    }

    private async IAsyncEnumerable<DiskExtent> EnumerateAsync(long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = offset + length;
        for (var index = length == 0 ? _extents.Length : Find(offset); index < _extents.Length && offset < end; index++)
        {
            var start = _starts[index];
            var stop = Math.Min(end, start + _extents[index].Length);
            await foreach (var part in _extents[index].GetExtentsAsync(offset - start, stop - offset, cancellationToken).ConfigureAwait(false))
            {
                var onDisk = part with { Offset = part.Offset + start };
                if (onDisk.Kind != ExtentKind.Unallocated)
                {
                    yield return onDisk;
                    continue;
                }

                await foreach (var below in _parent.GetExtentsAsync(onDisk.Offset, onDisk.Length, cancellationToken).ConfigureAwait(false))
                {
                    yield return below;
                }
            }

            offset = stop;
        }
    }

    /// <summary>The extent that holds a byte of the disk.</summary>
    private int Find(long offset)
    {
        var index = Array.BinarySearch(_starts, offset);
        return index >= 0 ? index : ~index - 1;
    }
}
