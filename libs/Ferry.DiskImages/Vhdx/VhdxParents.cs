using Ferry.DiskImages.Opening;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Finds the parent of a differencing image and makes sure that it is the one that the image was made from.</summary>
internal static class VhdxParents
{
    /// <summary>Opens the parent beside the image.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.MissingFile"/> naming the parent; <see cref="DiskImageErrors.Corrupt"/> when it is another disk or changed since.</exception>
    internal static async ValueTask<IDiskImageReader> OpenAsync(ImageChain chain, ParentLocator locator, VhdxMetadata metadata, CancellationToken cancellationToken)
    {
        if (locator.Type != ParentLocator.VhdxType)
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"The image has a parent of the unknown type {locator.Type}.", chain.Name);
        }

        var parent = await FindAsync(chain, locator, cancellationToken).ConfigureAwait(false);
        if (parent is VhdxReader vhdx && locator.IsLinkedTo(vhdx.DataWriteId) && vhdx.Info.LogicalSectorSize == metadata.LogicalSectorSize)
        {
            return parent;
        }

        await parent.DisposeAsync().ConfigureAwait(false);
        throw new InvalidDiskImageException(
            DiskImageErrors.Corrupt,
            $"\"{parent.Info.Files[0]}\" is not the parent that the image was made from, or was changed since: its data id is {(parent as VhdxReader)?.DataWriteId}, {locator.Entries.GetValueOrDefault("parent_linkage")} is needed.",
            chain.Name);
    }

    private static async ValueTask<IDiskImageReader> FindAsync(ImageChain chain, ParentLocator locator, CancellationToken cancellationToken)
    {
        InvalidDiskImageException? missing = null;
        foreach (var name in locator.FileNames())
        {
            try
            {
                return await chain.OpenParentAsync(name, DiskImageFormat.Vhdx, cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDiskImageException e) when (e.Code == DiskImageErrors.MissingFile && e.InnerException is not DiskImageException)
            {
                // The parent itself; that one of its own parents is missing has its own message.
                missing = e;
            }
        }

        throw new InvalidDiskImageException(
            DiskImageErrors.MissingFile,
            $"The image holds only the changes to its parent, {locator.Path}, which is not beside it: put it and its own parents there, or merge the checkpoints first.",
            chain.Name,
            inner: missing);
    }
}
