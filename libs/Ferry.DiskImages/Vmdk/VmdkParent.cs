using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// Opens the disk below a delta disk ("VMware Virtual Disk Format 5.0", section "Delta Links"): the descriptor names it, and its content id must be the one
/// that the delta was made over.
/// </summary>
internal static class VmdkParent
{
    private const string Remedy = "Put the files into one folder and write the bare name into parentFileNameHint.";

    /// <summary>Opens the parent, or nothing when the disk has none.</summary>
    /// <param name="chain">The disk that is being opened.</param>
    /// <param name="descriptor">Its descriptor.</param>
    /// <param name="file">The file of the descriptor.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    internal static async ValueTask<ParentDisk> OpenAsync(ImageChain chain, VmdkDescriptor descriptor, IByteSource file, CancellationToken cancellationToken)
    {
        if (descriptor.ParentCid is not { } expected)
        {
            return new ParentDisk(null);
        }

        var name = descriptor.ParentHint is { Length: > 0 } hint
            ? hint
            : throw new InvalidDiskImageException(
                DiskImageErrors.Corrupt,
                $"The image holds only the changes to a parent (parentCID {VmdkDescriptorParser.Text(expected)}) and does not name it; write its name into parentFileNameHint.",
                file.Name);
        await RequireAsync(chain.Files, name, file, cancellationToken).ConfigureAwait(false);
        var parent = await chain.OpenParentAsync(name, DiskImageFormat.Vmdk, cancellationToken).ConfigureAwait(false);
        var found = (parent as VmdkReader)?.Cid;
        if (found == expected)
        {
            return new ParentDisk(parent);
        }

        await parent.DisposeAsync().ConfigureAwait(false);
        throw new InvalidDiskImageException(
            DiskImageErrors.Corrupt,
            $"The image \"{file.Name}\" was made over the content {VmdkDescriptorParser.Text(expected)} (parentCID) of its parent \"{name}\", whose content is {VmdkDescriptorParser.Text(found)} (CID): the parent was changed since, or is another disk. Copy the whole chain again.",
            file.Name);
    }

    /// <summary>Looks whether the parent is there and may be named, to say it in words of the chain.</summary>
    private static async ValueTask RequireAsync(IImageFiles files, string name, IByteSource file, CancellationToken cancellationToken)
    {
        try
        {
            var source = await files.OpenAsync(name, cancellationToken).ConfigureAwait(false);
            await source.DisposeAsync().ConfigureAwait(false);
        }
        catch (DiskImageException e) when (e.Code == DiskImageErrors.ForbiddenReference)
        {
            throw new InvalidDiskImageException(e.Code, $"The image holds only the changes to its parent. {e.Message} {Remedy}", file.Name, inner: e);
        }
        catch (DiskImageException e) when (e.Code == DiskImageErrors.MissingFile)
        {
            throw new InvalidDiskImageException(
                e.Code, $"The image holds only the changes to its parent \"{name}\", which is not there: copy all files of the chain into one folder, or consolidate the snapshots.", file.Name, inner: e);
        }
    }
}
