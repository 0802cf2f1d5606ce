using System.Runtime.CompilerServices;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>A VMware disk: its extents one after the other.</summary>
internal sealed class VmdkReader : IDiskImageReader
{
    private readonly IReadOnlyList<IByteSource> _sources;
    private readonly IVmdkExtent[] _extents;
    private readonly long[] _starts;

    /// <summary>Creates the reader; it owns the sources.</summary>
    internal VmdkReader(VmdkDescriptor descriptor, IReadOnlyList<IVmdkExtent> extents, IReadOnlyList<IByteSource> sources)
    {
        _sources = sources;
        _extents = [.. extents];
        _starts = new long[_extents.Length];
        for (var i = 0; i < _extents.Length; i++)
        {
            _starts[i] = Capacity;
            Capacity = Capacity <= long.MaxValue - _extents[i].Length
                ? Capacity + _extents[i].Length
                : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The extents together are impossibly large.", sources[0].Name);
        }

        Info = new DiskImageInfo
        {
            Format = DiskImageFormat.Vmdk,
            Variant = descriptor.CreateType,
            DiskId = descriptor.Writing?.DiskId,
            ContentId = descriptor.Writing?.ContentId,
            Capacity = Capacity,
            BlockSize = _extents.Max(e => e.GrainBytes),
            Files = [.. sources.Select(s => s.Name)],
        };
    }

    /// <inheritdoc/>
    public DiskImageInfo Info { get; }

    /// <inheritdoc/>
    public long Capacity { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SourcePin> Pins => [.. _sources.Select(s => s.Pin)];

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
    public async ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default)
    {
        foreach (var source in _sources)
        {
            await source.VerifyUnchangedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
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
                yield return part with { Offset = part.Offset + start };
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
