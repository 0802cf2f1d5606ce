using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Opens the extents of a descriptor, each file once.</summary>
/// <param name="chain">The disk that is being opened.</param>
/// <param name="descriptor">The file of the descriptor, for messages.</param>
internal sealed class VmdkExtentFiles(ImageChain chain, IByteSource descriptor) : IAsyncDisposable
{
    private readonly Dictionary<string, IByteSource> _byName = new(StringComparer.Ordinal);
    private readonly List<IByteSource> _sources = [];

    /// <summary>The files that were opened, in the order of the disk.</summary>
    internal IReadOnlyList<IByteSource> Sources => _sources;

    /// <summary>Opens all extents.</summary>
    /// <param name="lines">The lines of the descriptor.</param>
    /// <param name="parent">What lies below the disk.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    internal async ValueTask<IReadOnlyList<IVmdkExtent>> OpenAsync(IReadOnlyList<VmdkExtentLine> lines, ParentDisk parent, CancellationToken cancellationToken)
    {
        var extents = new List<IVmdkExtent>(lines.Count);
        long start = 0;
        foreach (var line in lines)
        {
            var length = SourceBounds.SectorsToBytes(line.Sectors, "extent", descriptor);
            if (length == 0)
            {
                throw VmdkDescriptorParser.Corrupt("The extent has no size.", descriptor.Name, line.Line);
            }

            if (length > long.MaxValue - start)
            {
                throw VmdkDescriptorParser.Corrupt("The extents together are impossibly large.", descriptor.Name, line.Line);
            }

            extents.Add(await OpenAsync(line, length, start, parent, cancellationToken).ConfigureAwait(false));
            start += length;
        }

        return extents;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<IVmdkExtent> OpenAsync(VmdkExtentLine line, long length, long start, ParentDisk parent, CancellationToken cancellationToken)
    {
        if (line.FileName is null)
        {
            return new ZeroExtent(length);
        }

        var source = await OpenFileAsync(line.FileName, line.Line, cancellationToken).ConfigureAwait(false);
        if (line.Kind is not VmdkExtentKind.Flat and not VmdkExtentKind.Vmfs)
        {
            return await SparseExtentOpener.OpenAsync(source, length, start, parent, chain.Cache, cancellationToken).ConfigureAwait(false);
        }

        var offset = SourceBounds.SectorsToBytes(line.OffsetSectors, "extent offset", descriptor);
        SourceBounds.Require(source, offset, length, "flat extent");
        return new FlatExtent(source, offset, length);
    }

    private async ValueTask<IByteSource> OpenFileAsync(string name, int line, CancellationToken cancellationToken)
    {
        if (_byName.TryGetValue(name, out var known))
        {
            return known;
        }

        try
        {
            var source = await chain.Files.OpenAsync(name, cancellationToken).ConfigureAwait(false);
            _sources.Add(source);
            return _byName[name] = source;
        }
        catch (DiskImageException e)
        {
            throw VmdkDescriptorParser.At(e.Code, $"Extent \"{name}\": {e.Message}", descriptor.Name, line, e);
        }
    }
}
