using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Beginning and end of a file that Ferry creates.</summary>
/// <param name="file">The file; stays its owner's.</param>
/// <param name="layout">Where everything stands.</param>
/// <param name="slots">The places of the blocks; final when the image is completed.</param>
/// <param name="digest">Digest of the plan, or null when blocks get their places as they come.</param>
/// <param name="isComplete">Whether the image is complete already.</param>
internal sealed class VhdxCreation(ImageFile file, VhdxLayout layout, IBlockSlots slots, string? digest, bool isComplete) : IImageEnding
{
    /// <inheritdoc/>
    public bool IsComplete { get; private set; } = isComplete;

    /// <summary>Marks a new file as incomplete, or recognises one that the same plan began.</summary>
    /// <returns>Whether the image is complete already.</returns>
    internal static async ValueTask<bool> BeginAsync(ImageFile file, string? digest, long length, CancellationToken cancellationToken)
    {
        var creator = digest is null ? VhdxWriter.Creator : $"{VhdxWriter.Creator} plan {digest}";
        var bytes = new byte[FileIdentifier.Size];
        if (file.IsBlank())
        {
            new FileIdentifier(IsComplete: false, creator).Write(bytes);
            file.Write(0, bytes);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.SetLength(length);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.FlushFolder();
            return false;
        }

        // A loss of power may have left the first sector alone, which holds all of it that is not zero.
        var isKnown = file.Read(0, bytes) >= SourceBounds.Sector && (FileIdentifier.IsMatch(bytes) || FileIdentifier.IsIncomplete(bytes));
        if (!isKnown)
        {
            throw Refusals.OtherFile(file.Path);
        }

        var found = FileIdentifier.Read(bytes);
        if (found.Creator != creator || FileIdentifier.IsChanging(bytes) || (found.IsComplete && IsChanged(file, digest)))
        {
            throw FileIdentifier.IsBegun(bytes)
                ? Refusals.OtherPlan(file.Path)
                : Refusals.OtherFile(file.Path);
        }

        if (!found.IsComplete && file.Length < length)
        {
            // The first writer died between its mark and the length.
            file.SetLength(length);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.FlushFolder();
        }

        return found.IsComplete;
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(string? contentId, bool durable, CancellationToken cancellationToken)
    {
        if (IsComplete)
        {
            return;
        }

        file.SetLength(layout.OffsetOf(slots.Count));
        await file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        WriteHeaders();
        VhdxTable.Write(file, layout, slots);
        WriteRecord(contentId);
        await file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        file.Write(0, FileIdentifier.Signature);
        await file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        IsComplete = true;
    }

    /// <summary>Whether a delta was written to a complete image since its plan completed it.</summary>
    private static bool IsChanged(ImageFile file, string? digest) =>
        DeltaJournal.ReadRecord(file, VhdxLayout.RecordOffset) is { } record && record.Digest != digest;

    private void WriteHeaders()
    {
        var bytes = new byte[RegionTable.Size];
        layout.Header(0, delta: null).Write(bytes);
        file.Write(VhdxHeader.FirstOffset, bytes.AsSpan(0, VhdxHeader.Size));
        layout.Header(1, delta: null).Write(bytes);
        file.Write(VhdxHeader.SecondOffset, bytes.AsSpan(0, VhdxHeader.Size));
        layout.Regions().Write(bytes);
        file.Write(RegionTable.FirstOffset, bytes);
        file.Write(RegionTable.SecondOffset, bytes);
        var (offset, metadata) = layout.Metadata();
        file.Write(offset, metadata);
    }

    private void WriteRecord(string? contentId)
    {
        if (digest is null)
        {
            return;
        }

        var bytes = new byte[ImageRecord.Size];
        new ImageRecord(ImageRecordState.Applied, digest, ContentId: contentId).Write(bytes);
        file.Write(VhdxLayout.RecordOffset, bytes);
    }
}
