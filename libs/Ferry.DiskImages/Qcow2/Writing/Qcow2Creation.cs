using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Qcow2.Writing;

/// <summary>Beginning and end of a file that Ferry creates by a plan.</summary>
internal sealed class Qcow2Creation : IImageEnding
{
    private readonly ImageFile _file;
    private readonly Qcow2Layout _layout;
    private readonly PlannedBlockSlots _slots;
    private readonly string _digest;

    private Qcow2Creation(ImageFile file, Qcow2Layout layout, PlannedBlockSlots slots, string digest, bool isComplete)
    {
        _file = file;
        _layout = layout;
        _slots = slots;
        _digest = digest;
        IsComplete = isComplete;
    }

    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <summary>Creates the file of a plan, goes on with it, or finds that it is already complete.</summary>
    internal static async ValueTask<IDiskImageWriter> CreateOrContinueAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var ranges = new PlanRanges(plan);
        var layout = Qcow2Layout.Create(plan);
        var clusterSize = layout.Geometry.ClusterSize;
        var slots = new PlannedBlockSlots(ranges, clusterSize);
        var digest = PlanDigest.Compute(plan, ranges, clusterSize);
        var file = ImageFile.OpenOrCreate(path);
        try
        {
            var isComplete = await BeginAsync(file, layout, digest, (layout.FirstCluster + slots.Count) * clusterSize, cancellationToken).ConfigureAwait(false);
            var creation = new Qcow2Creation(file, layout, slots, digest, isComplete);
            return new BlockImageWriter(file, plan.Capacity, clusterSize, layout.FirstCluster * clusterSize, slots, ranges, creation);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Marks a new file as incomplete, or recognises one that the same plan began.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layout">Where everything stands.</param>
    /// <param name="digest">Digest of the plan; null: clusters get their places as they come, and the file cannot be continued.</param>
    /// <param name="length">Length of the file for a start.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Whether the image is complete already.</returns>
    internal static async ValueTask<bool> BeginAsync(ImageFile file, Qcow2Layout layout, string? digest, long length, CancellationToken cancellationToken)
    {
        var sector = layout.FirstSector();
        if (digest is not null)
        {
            new ImageRecord(ImageRecordState.Begun, digest).Write(sector.AsSpan(Qcow2Layout.RecordOffset));
        }

        if (file.IsBlank())
        {
            file.Write(0, sector);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.SetLength(length);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.FlushFolder();
            return false;
        }

        var found = new byte[Qcow2Layout.HeaderSector];
        var isWhole = file.Read(0, found) == found.Length;
        if (isWhole && found.AsSpan().StartsWith(Qcow2Layout.IncompleteSignature))
        {
            if (digest is null || !(IsOf(ImageRecordState.Begun) || IsOf(ImageRecordState.Applied)))
            {
                throw Refusals.OtherPlan(file.Path);
            }

            if (file.Length < length)
            {
                // The first writer died between its mark and the length.
                file.SetLength(length);
                await file.FlushAsync(cancellationToken).ConfigureAwait(false);
                file.FlushFolder();
            }

            return false;
        }

        // All but signature and records must be as this plan writes it.
        var isOurs = isWhole
            && found.AsSpan().StartsWith(Qcow2Header.Signature)
            && found.AsSpan(Qcow2Header.SignatureSize, Qcow2Layout.RecordOffset - Qcow2Header.SignatureSize)
                .SequenceEqual(sector.AsSpan(Qcow2Header.SignatureSize, Qcow2Layout.RecordOffset - Qcow2Header.SignatureSize))
            && IsOf(ImageRecordState.Applied);
        return isOurs ? true : throw Refusals.OtherFile(file.Path);

        bool IsOf(ImageRecordState state) =>
            ImageRecord.TryRead(found.AsSpan(Qcow2Layout.RecordOffset)) is { } record && record.State == state && record.Digest == digest;
    }

    /// <summary>Whether a file is what an interrupted conversion left: begun, and by no plan.</summary>
    internal static bool IsLeftover(string path)
    {
        Span<byte> sector = stackalloc byte[Qcow2Layout.HeaderSector];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(sector, sector.Length, throwOnEndOfStream: false) == sector.Length
            && sector.StartsWith(Qcow2Layout.IncompleteSignature)
            && HeaderExtension.Read(sector[Qcow2Header.Size..]).Type is HeaderExtension.FerryRecord or HeaderExtension.FerryCompressed
            && ImageRecord.TryRead(sector[Qcow2Layout.RecordOffset..]) is null;
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(string? contentId, bool durable, CancellationToken cancellationToken)
    {
        if (IsComplete)
        {
            return;
        }

        // Another writer of the plan may have completed the image already, and said what it holds.
        contentId ??= DeltaJournal.ReadRecord(_file, Qcow2Layout.RecordOffset) is { } known && known.Digest == _digest ? known.ContentId : null;
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        new Qcow2Tables(_file, _layout, _layout.FirstCluster).Write(Added(), _layout.FirstCluster + _slots.Count, firstCounted: 0);
        var record = new byte[ImageRecord.Size];
        new ImageRecord(ImageRecordState.Applied, _digest, ContentId: contentId).Write(record);
        _file.Write(Qcow2Layout.RecordOffset, record);
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        _file.Write(0, Qcow2Header.Signature);
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        IsComplete = true;
    }

    private IEnumerable<(long Block, long Cluster)> Added()
    {
        for (var block = _slots.NextFrom(0); block != long.MaxValue; block = _slots.NextFrom(block + 1))
        {
            yield return (block, _layout.FirstCluster + _slots.SlotOf(block));
        }
    }
}
