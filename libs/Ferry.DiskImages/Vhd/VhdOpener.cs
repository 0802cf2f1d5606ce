using System.Globalization;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhd;

/// <summary>
/// Finds the footer, the header and the parent of a VHD and opens its reader. The footer at the end comes first and its copy at offset 0 second: what stands
/// at offset 0 of a fixed disk is the guest's, who must not be able to turn it into a differencing one.
/// </summary>
internal static class VhdOpener
{
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Whether a file has a footer, valid or not, at one of its ends.</summary>
    internal static bool IsMatch(ImageStart start) =>
        VhdFooter.IsMatch(start.Head.Span) || VhdFooter.IsMatch(start.Tail.Span) || (start.Tail.Length > 0 && VhdFooter.IsMatch(start.Tail.Span[1..]));

    /// <summary>Whether a file is a whole fixed disk by its footer, whatever its start looks like.</summary>
    internal static bool IsFixedDisk(ImageStart start) =>
        FindTail(start) is { } tail && VhdFooter.Read(tail.Span) is { DiskType: VhdDiskType.Fixed } footer && footer.CurrentSize == (ulong)(start.Length - tail.Length);

    /// <summary>Opens the disk; the reader owns the source from then on, the caller still does when this throws.</summary>
    internal static async ValueTask<IDiskImageReader> OpenAsync(ImageChain chain, IByteSource source, ImageStart start, CancellationToken cancellationToken)
    {
        var tail = FindTail(start);
        var bytes = tail ?? (VhdFooter.IsValid(start.Head.Span[..Math.Min(VhdFooter.Size, start.Head.Length)])
            ? start.Head[..VhdFooter.Size]
            : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "Neither the footer nor its copy at the start has the right checksum.", source.Name, Math.Max(0, start.Length - VhdFooter.Size)));
        var footer = VhdFooter.Read(bytes.Span);
        if (!VhdFooter.IsKnownVersion(bytes.Span))
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, "The footer is of a later version of the format, which cannot be read.", source.Name);
        }

        var capacity = VhdCapacity.Of(footer, chain.IsParent);
        if (capacity is 0 or > long.MaxValue)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"A disk of {footer.CurrentSize} bytes is impossible.", source.Name);
        }

        return footer.DiskType switch
        {
            VhdDiskType.Fixed => OpenFixed(source, footer, capacity, start.Length - (tail?.Length ?? 0)),
            VhdDiskType.Dynamic or VhdDiskType.Differencing => await OpenDynamicAsync(chain, source, footer, capacity, cancellationToken).ConfigureAwait(false),
            _ => throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"VHD images of the type {(uint)footer.DiskType} cannot be read.", source.Name),
        };
    }

    /// <summary>The valid footer at the end: 512 bytes, or 511.</summary>
    private static ReadOnlyMemory<byte>? FindTail(ImageStart start)
    {
        if (VhdFooter.IsValid(start.Tail.Span))
        {
            return start.Tail;
        }

        var old = start.Tail[Math.Max(0, start.Tail.Length - VhdFooter.OldSize)..];
        return VhdFooter.IsValid(old.Span) ? old : (ReadOnlyMemory<byte>?)null;
    }

    private static FixedVhdReader OpenFixed(IByteSource source, VhdFooter footer, ulong capacity, long dataLength) => capacity <= (ulong)dataLength
        ? new FixedVhdReader(source, Describe(source, footer, "fixed", capacity))
        : throw new InvalidDiskImageException(
            DiskImageErrors.Truncated, $"The disk has {capacity} bytes, the file holds {dataLength} of them.", source.Name, dataLength);

    private static async ValueTask<IDiskImageReader> OpenDynamicAsync(
        ImageChain chain, IByteSource source, VhdFooter footer, ulong capacity, CancellationToken cancellationToken)
    {
        var header = await ReadHeaderAsync(source, footer, cancellationToken).ConfigureAwait(false);
        var blocks = VhdBlocks.Open(source, header, (long)footer.DataOffset, capacity, chain.Cache);
        var differencing = footer.DiskType == VhdDiskType.Differencing;
        var parent = new ParentDisk(differencing ? await OpenParentAsync(chain, source, header, cancellationToken).ConfigureAwait(false) : null);

        // Sectors of a dynamic disk that the bitmap leaves out are zero in the block itself, says the specification, and Windows and QEMU do not look at the
        // bitmap. XenServer does: on its LVM volumes older data stands in them.
        var useBitmaps = differencing || footer.CreatorApplication.StartsWith("tap", StringComparison.Ordinal);
        return new DynamicVhdReader(source, Describe(source, footer, differencing ? "differencing" : "dynamic", capacity), blocks, useBitmaps, parent);
    }

    private static async ValueTask<DynamicDiskHeader> ReadHeaderAsync(IByteSource source, VhdFooter footer, CancellationToken cancellationToken)
    {
        if (footer.DataOffset > long.MaxValue)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The dynamic disk header stands at an impossible place.", source.Name);
        }

        SourceBounds.Require(source, (long)footer.DataOffset, DynamicDiskHeader.Size, "dynamic disk header");
        var bytes = new byte[DynamicDiskHeader.Size];
        await source.ReadAsync((long)footer.DataOffset, bytes, cancellationToken).ConfigureAwait(false);
        if (!DynamicDiskHeader.IsValid(bytes))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The dynamic disk header is damaged: signature or checksum is wrong.", source.Name, (long)footer.DataOffset);
        }

        var header = DynamicDiskHeader.Read(bytes);
        return header.Version >> 16 == DynamicDiskHeader.KnownVersion >> 16
            ? header
            : throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, "The dynamic disk header is of a later version of the format, which cannot be read.", source.Name);
    }

    private static async ValueTask<IDiskImageReader> OpenParentAsync(ImageChain chain, IByteSource source, DynamicDiskHeader header, CancellationToken cancellationToken)
    {
        var name = await ParentName.FindAsync(source, header, cancellationToken).ConfigureAwait(false);
        IDiskImageReader parent;
        try
        {
            parent = await chain.OpenParentAsync(name, DiskImageFormat.Vhd, cancellationToken).ConfigureAwait(false);
        }
        catch (DiskImageException e) when (e.Code == DiskImageErrors.MissingFile && e.InnerException is not DiskImageException && Path.GetFileName(e.File) == name)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.MissingFile, $"The image holds only the changes to its parent \"{name}\" (id {header.ParentId}), which is not beside it; copy it there.", source.Name, inner: e);
        }

        if (parent.Info.DiskId == header.ParentId)
        {
            return parent;
        }

        await parent.DisposeAsync().ConfigureAwait(false);
        throw new InvalidDiskImageException(
            DiskImageErrors.Corrupt, $"\"{name}\" is not the parent of this image: its id is {parent.Info.DiskId}, that of the parent {header.ParentId}.", source.Name);
    }

    private static DiskImageInfo Describe(IByteSource source, VhdFooter footer, string variant, ulong capacity)
    {
        var properties = new Dictionary<string, string>
        {
            ["creator"] = string.Create(CultureInfo.InvariantCulture, $"{Printable(footer.CreatorApplication)} {footer.CreatorVersion >> 16}.{footer.CreatorVersion & 0xffff}"),
            ["creator host"] = Printable(footer.CreatorHost),
            ["created"] = Epoch.AddSeconds(footer.Timestamp).ToString("u", CultureInfo.InvariantCulture),
            ["geometry"] = footer.Geometry.ToString(),
        };
        if (capacity != footer.CurrentSize)
        {
            properties["size in footer"] = footer.CurrentSize.ToString(CultureInfo.InvariantCulture);
        }

        if (footer.IsSavedState)
        {
            properties["saved state"] = "yes";
        }

        return new DiskImageInfo
        {
            Format = DiskImageFormat.Vhd,
            Variant = variant,
            Capacity = (long)capacity,
            DiskId = footer.UniqueId == Guid.Empty ? null : footer.UniqueId,
            Properties = properties,
            Files = [source.Name],
        };
    }

    private static string Printable(string text) => string.Concat(text.TrimEnd('\0', ' ').Select(c => c is < ' ' or > '~' ? '?' : c));
}
