using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vdi;

/// <summary>Beginning and end of a file that Ferry creates.</summary>
/// <param name="file">The file; stays its owner's.</param>
/// <param name="layout">Where everything stands.</param>
/// <param name="slots">The places of the blocks; final when the image is completed.</param>
/// <param name="digest">Digest of the plan, or null when blocks get their places as they come.</param>
/// <param name="isComplete">Whether the image is complete already.</param>
internal sealed class VdiCreation(ImageFile file, VdiLayout layout, IBlockSlots slots, string? digest, bool isComplete) : IImageEnding
{
    /// <inheritdoc/>
    public bool IsComplete { get; private set; } = isComplete;

    /// <summary>Marks a new file as incomplete, or recognises one that the same plan began.</summary>
    /// <returns>Whether the image is complete already.</returns>
    internal static async ValueTask<bool> BeginAsync(ImageFile file, VdiLayout layout, string? digest, long length, CancellationToken cancellationToken)
    {
        var comment = VdiLayout.CommentOf(digest);
        if (file.Length == 0)
        {
            file.Write(0, layout.Start(comment, 0));
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.SetLength(length);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.FlushFolder();
            return false;
        }

        var bytes = new byte[VdiLayout.HeaderArea];
        if (file.Read(0, bytes) != bytes.Length || !(VdiPreHeader.IsMatch(bytes) || VdiPreHeader.IsIncomplete(bytes)))
        {
            throw Refusals.OtherFile(file.Path);
        }

        var complete = VdiPreHeader.IsMatch(bytes);
        if (VdiHeader.Read(bytes.AsSpan(VdiPreHeader.Size)).Comment != comment || VdiPreHeader.IsChanging(bytes) || (complete && IsChanged(file, digest)))
        {
            throw VdiPreHeader.IsBegun(bytes)
                ? Refusals.OtherPlan(file.Path)
                : Refusals.OtherFile(file.Path);
        }

        if (!complete && file.Length < length)
        {
            // The first writer died between its mark and the length.
            file.SetLength(length);
        }

        return complete;
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
        VdiMap.Write(file, layout, slots);

        // All but the signature: another writer of the plan may have completed the image already.
        file.Write(VdiPreHeader.Size, layout.Start(VdiLayout.CommentOf(digest), slots.Count).AsSpan(VdiPreHeader.Size));
        WriteRecord(contentId);
        await file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        file.Write(VdiPreHeader.SignatureOffset, VdiPreHeader.Signature);
        await file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        IsComplete = true;
    }

    /// <summary>Whether a delta was written to a complete image since its plan completed it.</summary>
    private static bool IsChanged(ImageFile file, string? digest) =>
        DeltaJournal.ReadRecord(file, VdiLayout.RecordOffset) is { State: ImageRecordState.Applied } record && record.Digest != digest;

    private void WriteRecord(string? contentId)
    {
        if (digest is null)
        {
            return;
        }

        var bytes = new byte[ImageRecord.Size];
        new ImageRecord(ImageRecordState.Applied, digest, ContentId: contentId).Write(bytes);
        file.Write(VdiLayout.RecordOffset, bytes);
    }
}
