using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Beginning and end of a monolithicSparse file that Ferry creates.</summary>
internal sealed class VmdkSparseCreation : IImageEnding
{
    private readonly ImageFile _file;
    private readonly VmdkSparseLayout _layout;
    private readonly IBlockSlots _slots;
    private readonly string? _digest;

    private VmdkSparseCreation(ImageFile file, VmdkSparseLayout layout, IBlockSlots slots, string? digest, bool isComplete)
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
        var layout = VmdkSparseLayout.Create(path, plan);
        var slots = new PlannedBlockSlots(ranges, layout.GrainSize);
        if (!layout.HasRoomFor(slots.Count))
        {
            throw new ArgumentException($"The data of the plan, {slots.Count * layout.GrainSize} bytes, does not fit into a sparse VMDK, which ends at 2 TiB.", nameof(plan));
        }

        var digest = PlanDigest.Compute(plan, ranges, layout.GrainSize);
        var file = ImageFile.OpenOrCreate(path);
        try
        {
            var isComplete = await BeginAsync(file, layout, digest, layout.OffsetOf(slots.Count), cancellationToken).ConfigureAwait(false);
            var creation = new VmdkSparseCreation(file, layout, slots, digest, isComplete);
            return new BlockImageWriter(file, layout.Capacity, layout.GrainSize, layout.PayloadOffset, slots, ranges, creation);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Creates a file whose grains get their places as they come. It cannot be continued.</summary>
    internal static async ValueTask<IConvertTarget> CreateTargetAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var layout = VmdkSparseLayout.Create(path, plan);
        var slots = new AppendedBlockSlots(layout.GrainCount, slot => RequireRoom(layout, slot, path));
        var file = ImageFile.CreateNew(path);
        try
        {
            await BeginAsync(file, layout, digest: null, layout.PayloadOffset, cancellationToken).ConfigureAwait(false);
            var creation = new VmdkSparseCreation(file, layout, slots, digest: null, isComplete: false);
            var writer = new BlockImageWriter(file, layout.Capacity, layout.GrainSize, layout.PayloadOffset, slots, ranges: null, creation);
            return new BlockTarget(writer, slots, () => ImageFile.Delete(path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file is what an interrupted conversion left.</summary>
    internal static bool IsLeftover(string path, DiskImagePlan plan)
    {
        Span<byte> start = stackalloc byte[VmdkMark.Size];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && VmdkMark.TryRead(start) is { } mark
            && (mark.Digest is null || VmdkFlatWriter.IsLeftover(mark, plan));
    }

    /// <summary>Marks a new file as incomplete.</summary>
    internal static async ValueTask MarkAsync(ImageFile file, string? digest, long length, CancellationToken cancellationToken)
    {
        var sector = new byte[VmdkMark.Size];
        new VmdkMark(digest).Write(sector);
        file.Write(0, sector);
        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        file.SetLength(length);
        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        file.FlushFolder();
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(string? contentId, bool durable, CancellationToken cancellationToken)
    {
        if (IsComplete)
        {
            return;
        }

        // Another writer of the plan may have completed the image already, and said what it holds.
        contentId ??= DeltaJournal.ReadRecord(_file, _layout.RecordOffset) is { } known && known.Digest == _digest ? known.ContentId : null;
        _file.SetLength(_layout.OffsetOf(_slots.Count));
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        _file.Write(VmdkSparseLayout.DescriptorSector * SourceBounds.Sector, _layout.Descriptor(_digest, contentId));
        foreach (var (offset, entries) in _layout.Directories())
        {
            _file.Write(offset, entries);
        }

        VmdkTables.Write(_file, _layout, _slots);
        WriteRecord(contentId);
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        var sector = new byte[SparseExtentHeader.Size];
        _layout.Header().Write(sector);
        _file.Write(0, sector);
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        IsComplete = true;
    }

    /// <summary>Marks a new file as incomplete, or recognises one that the same plan began.</summary>
    /// <returns>Whether the image is complete already.</returns>
    private static async ValueTask<bool> BeginAsync(ImageFile file, VmdkSparseLayout layout, string? digest, long length, CancellationToken cancellationToken)
    {
        if (file.IsBlank())
        {
            await MarkAsync(file, digest, length, cancellationToken).ConfigureAwait(false);
            return false;
        }

        var sector = new byte[VmdkMark.Size];
        var count = file.Read(0, sector);
        if (count == sector.Length && VmdkMark.TryRead(sector) is { } mark)
        {
            if (mark.Digest is null || mark.Digest != digest)
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

        var header = new byte[SparseExtentHeader.Size];
        layout.Header().Write(header);
        var isOurs = sector.AsSpan().SequenceEqual(header)
            && DeltaJournal.ReadRecord(file, layout.RecordOffset) is { } record
            && record.Digest == digest;
        return isOurs ? true : throw Refusals.OtherFile(file.Path);
    }

    private static void RequireRoom(VmdkSparseLayout layout, long slot, string path)
    {
        if (!layout.HasRoomFor(slot + 1))
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, "The data does not fit into a sparse VMDK, which ends at 2 TiB; choose another format.", path);
        }
    }

    private void WriteRecord(string? contentId)
    {
        if (_digest is not null)
        {
            var bytes = new byte[ImageRecord.Size];
            new ImageRecord(ImageRecordState.Applied, _digest, ContentId: contentId).Write(bytes);
            _file.Write(_layout.RecordOffset, bytes);
        }
    }
}
