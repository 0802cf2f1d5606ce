using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Vmdk.Cowd;
using Ferry.DiskImages.Vmdk.SeSparse;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Opens a VMware disk from its descriptor, embedded in a sparse extent or a file of its own.</summary>
internal static class VmdkOpener
{
    /// <summary>Whether a file begins like a VMware disk, or like an extent of one.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> start) =>
        SparseExtentHeader.IsMatch(start) || CowdHeader.IsMatch(start) || SeSparseHeader.IsMatch(start) || VmdkDescriptorParser.IsMatch(start);

    /// <summary>Opens the disk; the reader owns <paramref name="first"/> from then on, the caller still does when this throws.</summary>
    internal static ValueTask<IDiskImageReader> OpenAsync(ImageChain chain, IByteSource first, ImageStart start, CancellationToken cancellationToken) =>
        start.Head.Span switch
        {
            var head when SparseExtentHeader.IsMatch(head) => OpenEmbeddedAsync(chain, first, cancellationToken),
            var head when CowdHeader.IsMatch(head) => throw ExtentAlone("a VMDK vmfsSparse (COWD) extent", first),
            var head when SeSparseHeader.IsMatch(head) => throw ExtentAlone("a VMDK seSparse extent", first),
            _ => OpenDescriptorAsync(chain, first, cancellationToken),
        };

    /// <summary>One file with header, descriptor and grains. The file name in its extent line is not used: the file may have been renamed.</summary>
    private static async ValueTask<IDiskImageReader> OpenEmbeddedAsync(ImageChain chain, IByteSource source, CancellationToken cancellationToken)
    {
        var header = await HostedExtentOpener.ReadHeaderAsync(source, cancellationToken).ConfigureAwait(false);
        if (header.DescriptorOffset == 0 || header.DescriptorSize == 0)
        {
            throw ExtentAlone("one extent of a disk", source);
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
        var parent = await VmdkParent.OpenAsync(chain, descriptor, source, cancellationToken).ConfigureAwait(false);
        try
        {
            return new VmdkReader(descriptor, [HostedExtentOpener.Open(source, header, capacity, 0, parent, chain.Cache)], [source], parent);
        }
        catch
        {
            await parent.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async ValueTask<IDiskImageReader> OpenDescriptorAsync(ImageChain chain, IByteSource source, CancellationToken cancellationToken)
    {
        if (source.Length > VmdkDescriptorParser.MaximumSize)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The descriptor is impossibly long.", source.Name);
        }

        var descriptor = await ReadDescriptorAsync(source, 0, source.Length, cancellationToken).ConfigureAwait(false);
        if (descriptor.Extents.Count == 0)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The descriptor has no extent.", source.Name);
        }

        var parent = await VmdkParent.OpenAsync(chain, descriptor, source, cancellationToken).ConfigureAwait(false);
        var files = new VmdkExtentFiles(chain, source);
        try
        {
            var extents = await files.OpenAsync(descriptor.Extents, parent, cancellationToken).ConfigureAwait(false);
            return new VmdkReader(descriptor, extents, [source, .. files.Sources], parent);
        }
        catch
        {
            await files.DisposeAsync().ConfigureAwait(false);
            await parent.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async ValueTask<VmdkDescriptor> ReadDescriptorAsync(IByteSource source, long offset, long size, CancellationToken cancellationToken)
    {
        SourceBounds.Require(source, offset, size, "descriptor");
        var bytes = new byte[size];
        await source.ReadAsync(offset, bytes, cancellationToken).ConfigureAwait(false);
        var descriptor = VmdkDescriptorParser.Parse(bytes, source.Name);
        return VmdkDevices.IsCreateType(descriptor.CreateType)
            ? throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, VmdkDevices.Refusal(descriptor.CreateType), source.Name)
            : descriptor;
    }

    private static UnsupportedDiskImageException ExtentAlone(string what, IByteSource source) => new(
        DiskImageErrors.UnsupportedVariant,
        $"This is {what} without its descriptor; open the descriptor file (the small .vmdk without -s001, -delta or -sesparse in its name).",
        source.Name);
}
