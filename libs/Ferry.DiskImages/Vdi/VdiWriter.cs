using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vdi;

/// <summary>Writes a dynamic VDI. Blocks go straight to their final place; map and header are written when the image is completed.</summary>
internal sealed class VdiWriter : IAppendingWriter
{
    private readonly ImageFile _file;
    private readonly VdiLayout _layout;
    private readonly IBlockSlots _slots;
    private readonly PlanRanges? _ranges;
    private readonly IVdiEnding _ending;

    /// <summary>Creates the writer; it owns the file.</summary>
    /// <param name="file">The file, marked incomplete unless <paramref name="ending"/> says that it is complete.</param>
    /// <param name="layout">Where everything stands.</param>
    /// <param name="slots">The places of the blocks.</param>
    /// <param name="ranges">What may be written; null: all that has a place.</param>
    /// <param name="ending">How the image is completed.</param>
    internal VdiWriter(ImageFile file, VdiLayout layout, IBlockSlots slots, PlanRanges? ranges, IVdiEnding ending)
    {
        _file = file;
        _layout = layout;
        _slots = slots;
        _ranges = ranges;
        _ending = ending;
    }

    /// <inheritdoc/>
    public long Capacity => _layout.Capacity;

    /// <inheritdoc/>
    public long BlockSize => VdiLayout.BlockSize;

    /// <summary>Creates the file of a plan, goes on with it, or finds that it is already complete.</summary>
    internal static async ValueTask<IDiskImageWriter> CreateOrContinueAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var ranges = new PlanRanges(plan);
        var layout = VdiLayout.Create(plan);
        var slots = new PlannedBlockSlots(ranges, VdiLayout.BlockSize);
        var digest = PlanDigest.Compute(plan, ranges, VdiLayout.BlockSize);
        var file = ImageFile.OpenOrCreate(path);
        try
        {
            var completed = await VdiCreation.BeginAsync(file, layout, digest, layout.OffsetOf(slots.Count), cancellationToken).ConfigureAwait(false);
            return new VdiWriter(file, layout, slots, ranges, new VdiCreation(file, layout, slots, digest, completed));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Creates a file whose blocks get their places as they come. It cannot be continued.</summary>
    internal static async ValueTask<IConvertTarget> CreateTargetAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var layout = VdiLayout.Create(plan);
        var slots = new AppendedBlockSlots(layout.BlockCount);
        var file = ImageFile.CreateNew(path);
        try
        {
            await VdiCreation.BeginAsync(file, layout, digest: null, layout.DataOffset, cancellationToken).ConfigureAwait(false);
            var writer = new VdiWriter(file, layout, slots, ranges: null, new VdiCreation(file, layout, slots, digest: null, isComplete: false));
            return new BlockTarget(writer, slots, () => ImageFile.Delete(path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file is what an interrupted conversion left.</summary>
    internal static bool IsLeftover(string path)
    {
        Span<byte> start = stackalloc byte[VdiLayout.HeaderArea];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && VdiPreHeader.IsBegun(start)
            && VdiHeader.Read(start[VdiPreHeader.Size..]).Comment == VdiLayout.CommentOf(null);
    }

    /// <summary>The write itself is synchronous.</summary>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ranges?.Require(offset, data.Length);
        if (_ending.IsComplete)
        {
            throw new InvalidOperationException("The image is complete and takes no more data.");
        }

        var rest = data.Span;
        while (!rest.IsEmpty)
        {
            var slot = _slots.SlotOf(offset / VdiLayout.BlockSize);
            ArgumentOutOfRangeException.ThrowIfNegative(slot, nameof(offset));
            var inBlock = (int)(offset % VdiLayout.BlockSize);
            var count = Math.Min(rest.Length, VdiLayout.BlockSize - inBlock);
            _file.Write(_layout.OffsetOf(slot) + inBlock, rest[..count]);
            rest = rest[count..];
            offset += count;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _file.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => _ending.CompleteAsync(contentId: null, durable: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(string contentId, CancellationToken cancellationToken = default) =>
        _ending.CompleteAsync(ImageRecord.RequireId(contentId), durable: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken) => _ending.CompleteAsync(contentId: null, durable, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }
}
