using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Raw;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Writes a monolithicFlat disk, or a delta to one.</summary>
/// <param name="files">The files.</param>
/// <param name="digest">Digest of the plan or delta.</param>
/// <param name="flat">Writes the data; null when all of it is there already.</param>
internal sealed class VmdkFlatWriter(VmdkFlatFiles files, string digest, IDiskImageWriter? flat) : IAppendingWriter
{
    private bool _completed = flat is null;

    /// <inheritdoc/>
    public long Capacity => files.Capacity;

    /// <inheritdoc/>
    public long BlockSize => 0;

    /// <summary>Creates the files of a plan, goes on with them, or finds that they are already complete.</summary>
    internal static async ValueTask<VmdkFlatWriter> CreateOrContinueAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var files = VmdkFlatFiles.Create(path, plan);
        var digest = DigestOf(plan);
        if (!File.Exists(path) && File.Exists(files.FlatPath) && RawMark.Find(files.FlatPath) != RawMark.OfPlan(digest))
        {
            throw new DiskImageException(DiskImageErrors.Exists, "Another file stands where the data of the disk would, and is not overwritten.", files.FlatPath);
        }

        if (!await files.TryMarkAsync(digest, cancellationToken).ConfigureAwait(false))
        {
            if (!await IsOfAsync(path, files, digest, cancellationToken).ConfigureAwait(false))
            {
                throw Refusals.OtherFile(path);
            }

            files.RemoveStaleMark(digest);
            return new VmdkFlatWriter(files, digest, flat: null);
        }

        return new VmdkFlatWriter(files, digest, await RawWriter.CreateOrContinueAsync(files.FlatPath, plan, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Creates the target of a conversion in one pass. What stands at the descriptor's path has been dealt with.</summary>
    internal static async ValueTask<IConvertTarget> CreateTargetAsync(string path, DiskImagePlan plan, bool overwrite, CancellationToken cancellationToken)
    {
        var files = VmdkFlatFiles.Create(path, plan);
        var whole = Whole(plan);
        if (File.Exists(files.FlatPath) && (overwrite || RawWriter.IsLeftover(files.FlatPath, whole)))
        {
            RemoveFlat();
        }

        var writer = await CreateOrContinueAsync(path, whole, cancellationToken).ConfigureAwait(false);
        return new BlockTarget(writer, null, () =>
        {
            ImageFile.Delete(path);
            RemoveFlat();
        });

        void RemoveFlat()
        {
            ImageFile.Delete(files.FlatPath);
            RawMark.Remove(files.FlatPath, durable: false);
        }
    }

    /// <summary>Begins a delta, goes on with it, or finds that it is already in the image.</summary>
    internal static async ValueTask<VmdkFlatWriter> ReopenAsync(string path, DiskImageDelta delta, CancellationToken cancellationToken)
    {
        var (files, last, isWithheld) = await VmdkFlatFiles.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        var digest = PlanDigest.Compute(delta, DiskImageFormat.Raw, files.Capacity, 0, new PlanRanges(delta, files.Capacity));
        if (!isWithheld)
        {
            files.RemoveStaleMark(last.Digest);
            if (last.Digest == digest)
            {
                return new VmdkFlatWriter(files, digest, flat: null);
            }

            if (delta.BaseContentId is { } wanted && last.ContentId != wanted)
            {
                throw new InvalidDiskImageException(
                    DiskImageErrors.ContentDiffers, $"The image records that it holds {last.ContentId ?? "nothing known"}, the delta is to {wanted}; convert the whole disk again.", path);
            }
        }

        var flat = await RawDelta.ReopenAsync(files.FlatPath, delta with { BaseContentId = null }, cancellationToken).ConfigureAwait(false);
        try
        {
            await files.WithholdAsync(cancellationToken).ConfigureAwait(false);
            return new VmdkFlatWriter(files, digest, flat);
        }
        catch
        {
            await flat.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => _completed
        ? throw new InvalidOperationException("The image is complete and takes no more data.")
        : flat!.WriteAsync(offset, data, cancellationToken);

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => flat?.FlushAsync(cancellationToken) ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => CompleteAsync(contentId: null, durable: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(string contentId, CancellationToken cancellationToken = default) =>
        CompleteAsync(ImageRecord.RequireId(contentId), durable: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken) => CompleteAsync(contentId: null, durable, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => flat?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Whether an interrupted conversion of the same source left the file.</summary>
    internal static bool IsLeftover(VmdkMark mark, DiskImagePlan plan) => mark.Digest == DigestOf(Whole(plan));

    private static DiskImagePlan Whole(DiskImagePlan plan) => plan with { Allocated = [new DiskRange(0, plan.Capacity)] };

    private static string DigestOf(DiskImagePlan plan) => PlanDigest.Compute(plan, new PlanRanges(plan), 0);

    private static async ValueTask<bool> IsOfAsync(string path, VmdkFlatFiles files, string digest, CancellationToken cancellationToken)
    {
        try
        {
            var (found, writing, isWithheld) = await VmdkFlatFiles.ReadAsync(path, cancellationToken).ConfigureAwait(false);
            return !isWithheld && found == files && writing.Digest == digest;
        }
        catch (UnsupportedDiskImageException)
        {
            return false;
        }
    }

    private async ValueTask CompleteAsync(string? contentId, bool durable, CancellationToken cancellationToken)
    {
        if (!_completed)
        {
            if (durable)
            {
                await flat!.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            await files.PublishAsync(digest, contentId, durable, cancellationToken).ConfigureAwait(false);
            _completed = true;
        }
    }
}
