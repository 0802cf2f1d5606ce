namespace Ferry.DiskImages.Writing;

/// <summary>
/// The protocol of a delta to a complete image, the same for every format. Beginning: a record of the delta and the old end is written behind that of what the image
/// holds, durably; then the signatures are withheld, durably; only then anything else changes. Ending: the record of what the image holds says that it is the delta, durably;
/// then the signatures come back, durably, the first one last. So at any moment the file is the old image, an image that says it is incomplete and whose delta can be continued, or the new image.
/// Any number of openers may race: who marks the image holds it alone meanwhile.
/// </summary>
internal sealed class DeltaJournal
{
    private readonly DeltaIdentity _identity;

    private DeltaJournal(ImageFile file, DeltaIdentity identity, ImageRecord record, bool isComplete)
    {
        File = file;
        _identity = identity;
        Record = record;
        IsComplete = isComplete;
    }

    /// <summary>The file, shared with other writers of the delta. Its owner is who opened the journal.</summary>
    internal ImageFile File { get; }

    /// <summary>The delta, with the old end that <c>inspect</c> found.</summary>
    internal ImageRecord Record { get; private set; }

    /// <summary>Whether the delta is all in the image already.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>Blocks in use before the delta, as the record says; it is not believed to say more than the file has room for.</summary>
    /// <exception cref="InvalidDiskImageException"><see cref="DiskImageErrors.Incomplete"/>.</exception>
    internal long OldCountOf(long blockSize) => Record.OldCount >= 0 && Record.OldCount <= File.Length / blockSize ? Record.OldCount : throw Lost(File);

    /// <summary>Opens an image for a delta: marks a complete one, or goes on with the same delta.</summary>
    /// <param name="path">The image.</param>
    /// <param name="delta">The delta.</param>
    /// <param name="identify">Reads what a delta never changes; called on an image in any state, several times. Refuses a file that is not an image which Ferry wrote (<see cref="DiskImageErrors.UnsupportedVariant"/>).</param>
    /// <param name="inspect">
    /// Looks at a complete image that nobody else has open, given what it records: refuses one that another program changed, and finds its old end, to be kept in
    /// <see cref="ImageRecord.OldCount"/> and <see cref="ImageRecord.OldEnd"/>.
    /// </param>
    /// <param name="cancellationToken">Stops the opening.</param>
    internal static async ValueTask<DeltaJournal> OpenAsync(
        string path,
        DiskImageDelta delta,
        Func<ImageFile, CancellationToken, ValueTask<DeltaIdentity>> identify,
        Func<ImageFile, ImageRecord?, CancellationToken, ValueTask<(long OldCount, long OldEnd)>> inspect,
        CancellationToken cancellationToken)
    {
        var wait = new Patience(path);
        while (true)
        {
            var file = await ImageFile.OpenExistingAsync(path, cancellationToken).ConfigureAwait(false);
            try
            {
                var identity = await identify(file, cancellationToken).ConfigureAwait(false);
                if (Find(file, identity) is { } journal)
                {
                    return journal;
                }
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
            using var alone = ImageFile.TryOpenAlone(path);
            if (alone is null)
            {
                // Perhaps the opener that was quicker: the next look tells.
                await wait.PauseAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            await BeginAsync(alone, await identify(alone, cancellationToken).ConfigureAwait(false), delta, inspect, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the delta: everything else of it is in the file and, when <paramref name="durable"/>, durable.</summary>
    internal async ValueTask CompleteAsync(string? contentId, bool durable, CancellationToken cancellationToken)
    {
        // Another writer of the delta may have ended it already, and said what the image holds.
        var said = ReadRecord(File, _identity.RecordOffset) is { } now && now.Digest == _identity.Digest ? now.ContentId : null;
        Record = Record with { State = ImageRecordState.Applied, ContentId = contentId ?? said };
        WriteRecord(File, _identity.RecordOffset, Record);
        await FlushIfAsync(durable, File, cancellationToken).ConfigureAwait(false);
        await SignAsync(File, _identity, durable, cancellationToken).ConfigureAwait(false);
        IsComplete = true;
    }

    /// <summary>Reads what an image records that it holds; null when it records nothing.</summary>
    internal static ImageRecord? ReadRecord(ImageFile file, long offset) => Read(file, offset, ImageRecordState.Applied);

    /// <summary>The journal of an image that this delta holds or has completed; null: the image is complete, and the delta must begin.</summary>
    private static DeltaJournal? Find(ImageFile file, DeltaIdentity identity)
    {
        if (IsSigned(file, identity))
        {
            return ReadRecord(file, identity.RecordOffset) is { } holds && holds.Digest == identity.Digest ? new DeltaJournal(file, identity, holds, isComplete: true) : null;
        }

        if (Read(file, identity.RecordOffset + ImageRecord.Size, ImageRecordState.Begun) is not { } begun)
        {
            throw Lost(file);
        }

        return begun.Digest == identity.Digest
            ? new DeltaJournal(file, identity, begun, isComplete: false)
            : throw new InvalidDiskImageException(
                DiskImageErrors.Incomplete, "Another delta began to change this image and holds it; repeat that one first, or convert again.", file.Path);
    }

    private static async ValueTask BeginAsync(
        ImageFile file,
        DeltaIdentity identity,
        DiskImageDelta delta,
        Func<ImageFile, ImageRecord?, CancellationToken, ValueTask<(long OldCount, long OldEnd)>> inspect,
        CancellationToken cancellationToken)
    {
        if (Find(file, identity) is not null)
        {
            // Another opener of the same delta was quicker.
            return;
        }

        var holds = ReadRecord(file, identity.RecordOffset);
        if (delta.BaseContentId is { } wanted && holds?.ContentId != wanted)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.ContentDiffers, $"The image records that it holds {holds?.ContentId ?? "nothing known"}, the delta is to {wanted}; convert the whole disk again.", file.Path);
        }

        var (oldCount, oldEnd) = await inspect(file, holds, cancellationToken).ConfigureAwait(false);
        WriteRecord(file, identity.RecordOffset + ImageRecord.Size, new ImageRecord(ImageRecordState.Begun, identity.Digest, oldCount, oldEnd));
        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < identity.Signatures.Count; i++)
        {
            // The first one alone: from then on the file is known to be incomplete, whatever becomes of the others.
            file.Write(identity.Signatures[i].Offset, identity.Signatures[i].Incomplete.Span);
            await FlushIfAsync(i == 0 || i == identity.Signatures.Count - 1, file, cancellationToken).ConfigureAwait(false);
        }
    }

    private static InvalidDiskImageException Lost(ImageFile file) =>
        new(DiskImageErrors.Incomplete, "The image is incomplete, and what says how to go on is damaged; convert again.", file.Path);

    private static async ValueTask SignAsync(ImageFile file, DeltaIdentity identity, bool durable, CancellationToken cancellationToken)
    {
        for (var i = identity.Signatures.Count - 1; i >= 0; i--)
        {
            if (i == 0 && identity.Signatures.Count > 1)
            {
                await FlushIfAsync(durable, file, cancellationToken).ConfigureAwait(false);
            }

            file.Write(identity.Signatures[i].Offset, identity.Signatures[i].Complete.Span);
        }

        await FlushIfAsync(durable, file, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the image is complete; what is neither complete nor within a delta is refused.</summary>
    private static bool IsSigned(ImageFile file, DeltaIdentity identity)
    {
        var first = identity.Signatures[0];
        var bytes = new byte[first.Complete.Length];
        var count = file.Read(first.Offset, bytes);
        return count == bytes.Length && bytes.AsSpan().SequenceEqual(first.Complete.Span) ? true
            : count == bytes.Length && bytes.AsSpan().SequenceEqual(first.Incomplete.Span) ? false
            : throw new InvalidDiskImageException(DiskImageErrors.Incomplete, "The image is not complete, and no delta is the reason; finish its conversion first.", file.Path, first.Offset);
    }

    private static ImageRecord? Read(ImageFile file, long offset, ImageRecordState state)
    {
        var bytes = new byte[ImageRecord.Size];
        return file.Read(offset, bytes) == bytes.Length && ImageRecord.TryRead(bytes) is { } record && record.State == state ? record : null;
    }

    private static void WriteRecord(ImageFile file, long offset, ImageRecord record)
    {
        var bytes = new byte[ImageRecord.Size];
        record.Write(bytes);
        file.Write(offset, bytes);
    }

    private static ValueTask FlushIfAsync(bool durable, ImageFile file, CancellationToken cancellationToken) =>
        durable ? file.FlushAsync(cancellationToken) : ValueTask.CompletedTask;
}
