using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Opens a VMware disk from its descriptor, embedded in a sparse extent or a file of its own.</summary>
internal sealed class VmdkOpener
{
    private readonly IImageFiles _files;
    private readonly IByteSource _first;
    private readonly PageCache _cache = new();
    private readonly Dictionary<string, IByteSource> _sources = new(StringComparer.Ordinal);

    private VmdkOpener(IImageFiles files, IByteSource first)
    {
        _files = files;
        _first = first;
    }

    /// <summary>Whether a file begins like a VMware disk that can be opened here.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> start) => SparseExtentHeader.IsMatch(start) || VmdkDescriptorParser.IsMatch(start);

    /// <summary>Opens the disk; the reader owns <paramref name="first"/> from then on, the caller still does when this throws.</summary>
    internal static async ValueTask<IDiskImageReader> OpenAsync(ImageChain chain, IByteSource first, ImageStart start, CancellationToken cancellationToken)
    {
        if (SparseExtentHeader.IsMatch(start.Head.Span))
        {
            return await OpenEmbeddedAsync(first, cancellationToken).ConfigureAwait(false);
        }

        var opener = new VmdkOpener(chain.Files, first);
        try
        {
            return await opener.OpenDescriptorAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            foreach (var source in opener._sources.Values)
            {
                await source.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>One file with header, descriptor and grains. The file name in its extent line is not used: the file may have been renamed.</summary>
    private static async ValueTask<IDiskImageReader> OpenEmbeddedAsync(IByteSource source, CancellationToken cancellationToken)
    {
        var header = await SparseExtentOpener.ReadHeaderAsync(source, cancellationToken).ConfigureAwait(false);
        if (header.DescriptorOffset == 0 || header.DescriptorSize == 0)
        {
            throw new UnsupportedDiskImageException(
                DiskImageErrors.UnsupportedVariant, "This is one extent of a disk without its descriptor; open the descriptor file (the .vmdk without -s001).", source.Name);
        }

        var offset = SourceBounds.SectorsToBytes(header.DescriptorOffset, "descriptor offset", source);
        var size = Math.Min(SourceBounds.SectorsToBytes(header.DescriptorSize, "descriptor", source), VmdkDescriptorParser.MaximumSize);
        var descriptor = await ReadDescriptorAsync(source, offset, size, cancellationToken).ConfigureAwait(false);
        if (descriptor.Extents is not [{ Kind: VmdkExtentKind.Sparse }])
        {
            throw new UnsupportedDiskImageException(
                DiskImageErrors.UnsupportedVariant, "The embedded descriptor must have exactly one extent of type SPARSE.", source.Name, offset);
        }

        var capacity = SourceBounds.SectorsToBytes(header.Capacity, "capacity", source);
        return new VmdkReader(descriptor, [SparseExtentOpener.Open(source, header, capacity, new PageCache())], [source]);
    }

    private static async ValueTask<VmdkDescriptor> ReadDescriptorAsync(IByteSource source, long offset, long size, CancellationToken cancellationToken)
    {
        SourceBounds.Require(source, offset, size, "descriptor");
        var bytes = new byte[size];
        await source.ReadAsync(offset, bytes, cancellationToken).ConfigureAwait(false);
        var descriptor = VmdkDescriptorParser.Parse(bytes, source.Name);
        if (descriptor.ParentContentId != VmdkDescriptor.NoParent)
        {
            var parent = descriptor.ParentHint is null ? "" : $" \"{descriptor.ParentHint}\"";
            throw new UnsupportedDiskImageException(
                DiskImageErrors.UnsupportedVariant,
                $"The image holds only the changes to its parent{parent} (parentCID {descriptor.ParentContentId}); consolidate the snapshots first.",
                source.Name);
        }

        return descriptor;
    }

    private async ValueTask<IDiskImageReader> OpenDescriptorAsync(CancellationToken cancellationToken)
    {
        if (_first.Length > VmdkDescriptorParser.MaximumSize)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The descriptor is impossibly long.", _first.Name);
        }

        var descriptor = await ReadDescriptorAsync(_first, 0, _first.Length, cancellationToken).ConfigureAwait(false);
        if (descriptor.Extents.Count == 0)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The descriptor has no extent.", _first.Name);
        }

        var extents = new List<IVmdkExtent>(descriptor.Extents.Count);
        foreach (var line in descriptor.Extents)
        {
            extents.Add(await OpenExtentAsync(line, cancellationToken).ConfigureAwait(false));
        }

        return new VmdkReader(descriptor, extents, [_first, .. descriptor.Extents.Select(e => e.FileName).OfType<string>().Distinct().Select(n => _sources[n])]);
    }

    private async ValueTask<IVmdkExtent> OpenExtentAsync(VmdkExtentLine line, CancellationToken cancellationToken)
    {
        var length = SourceBounds.SectorsToBytes(line.Sectors, "extent", _first);
        if (length == 0)
        {
            throw VmdkDescriptorParser.Corrupt("The extent has no size.", _first.Name, line.Line);
        }

        if (line.FileName is null)
        {
            return new ZeroExtent(length);
        }

        var source = await OpenFileAsync(line.FileName, line.Line, cancellationToken).ConfigureAwait(false);
        if (line.Kind == VmdkExtentKind.Sparse)
        {
            var header = await SparseExtentOpener.ReadHeaderAsync(source, cancellationToken).ConfigureAwait(false);
            return SparseExtentOpener.Open(source, header, length, _cache);
        }

        var start = SourceBounds.SectorsToBytes(line.OffsetSectors, "extent offset", _first);
        SourceBounds.Require(source, start, length, "flat extent");
        return new FlatExtent(source, start, length);
    }

    private async ValueTask<IByteSource> OpenFileAsync(string name, int line, CancellationToken cancellationToken)
    {
        if (_sources.TryGetValue(name, out var known))
        {
            return known;
        }

        try
        {
            return _sources[name] = await _files.OpenAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (DiskImageException e)
        {
            throw VmdkDescriptorParser.At(e.Code, $"Extent \"{name}\": {e.Message}", _first.Name, line, e);
        }
    }
}
