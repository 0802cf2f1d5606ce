using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Raw;

/// <summary>Writes a raw image: a sparse file of the disk's length, marked by <see cref="RawMark"/> until it is complete.</summary>
internal sealed class RawWriter : IAppendingWriter
{
    private readonly ImageFile _file;
    private readonly PlanRanges _ranges;
    private bool _completed;

    /// <summary>Creates the writer of a file that is marked; it owns the file.</summary>
    internal RawWriter(ImageFile file, PlanRanges ranges, long capacity)
    {
        _file = file;
        _ranges = ranges;
        Capacity = capacity;
    }

    /// <inheritdoc/>
    public long Capacity { get; }

    /// <inheritdoc/>
    public long BlockSize => 0;

    /// <summary>Creates the file of a plan or goes on with it.</summary>
    internal static async ValueTask<RawWriter> CreateOrContinueAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var ranges = new PlanRanges(plan);
        if (plan.Capacity <= 0)
        {
            throw new ArgumentException($"A disk has more than {plan.Capacity} bytes.", nameof(plan));
        }

        await BeginAsync(path, RawMark.OfPlan(PlanDigest.Compute(plan, ranges, 0)), cancellationToken).ConfigureAwait(false);
        var file = ImageFile.OpenOrCreate(path);
        try
        {
            file.SetLength(plan.Capacity);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.FlushFolder();
            return new RawWriter(file, ranges, plan.Capacity);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Creates the target of a conversion in one pass: a file, or a block device that the caller explicitly gives up.</summary>
    internal static async ValueTask<IConvertTarget> CreateTargetAsync(string path, DiskImagePlan plan, bool overwrite, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux() && UnixFile.TryGetStatus(path)?.Kind == FileKind.BlockDevice)
        {
            return RawDeviceTarget.Open(path, plan, overwrite, cancellationToken);
        }

        var writer = await CreateOrContinueAsync(path, Whole(plan), cancellationToken).ConfigureAwait(false);
        return new BlockTarget(writer, null, () =>
        {
            ImageFile.Delete(path);
            RawMark.Remove(path, durable: false);
        });
    }

    /// <summary>Whether an interrupted conversion of the same source left the file.</summary>
    internal static bool IsLeftover(string path, DiskImagePlan plan)
    {
        var whole = Whole(plan);
        return RawMark.Find(path) == RawMark.OfPlan(PlanDigest.Compute(whole, new PlanRanges(whole), 0));
    }

    /// <summary>The write itself is synchronous.</summary>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ranges.Require(offset, data.Length);
        if (_completed)
        {
            throw new InvalidOperationException("The image is complete and takes no more data.");
        }

        _file.Write(offset, data.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _file.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => CompleteAsync(durable: true, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken)
    {
        if (_completed)
        {
            return;
        }

        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);

        RawMark.Remove(_file.Path, durable);
        _completed = true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private static DiskImagePlan Whole(DiskImagePlan plan) => plan with { Allocated = [new DiskRange(0, plan.Capacity)] };

    /// <summary>Sets the plan's mark before the image is created, or recognises it.</summary>
    private static async ValueTask BeginAsync(string path, string text, CancellationToken cancellationToken)
    {
        var exists = File.Exists(path);
        switch (RawMark.Find(path))
        {
            case { } found when found == text:
                return;
            case null or "" when exists:
                // Without a whole mark of its own, or under one that a delta was about to set, the file is somebody's.
                throw Refusals.OtherFile(path);
            case null or "":
                await RawMark.SetAsync(path, text, cancellationToken).ConfigureAwait(false);
                return;
            default:
                throw new DiskImageException(DiskImageErrors.Exists, "Another plan or delta began this image; delete the image and its mark to start again.", path + RawMark.Extension);
        }
    }
}
