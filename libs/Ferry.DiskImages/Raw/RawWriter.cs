using System.Text;
using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Raw;

/// <summary>
/// Writes a raw image: a sparse file of the disk's length. A raw file has no place for an incomplete mark, so a file <c>NAME.incomplete</c> with the plan's
/// digest stands beside it until it is complete; the readers of this library refuse the image as long as it does.
/// </summary>
internal sealed class RawWriter : IAppendingWriter
{
    /// <summary>Extension of the mark.</summary>
    internal const string IncompleteExtension = ".incomplete";

    private readonly ImageFile _file;
    private readonly PlanRanges _ranges;
    private bool _completed;

    private RawWriter(ImageFile file, PlanRanges ranges, long capacity)
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

        var digest = DigestOf(plan, ranges);
        var mark = path + IncompleteExtension;
        var exists = File.Exists(path);
        if (exists && !File.Exists(mark))
        {
            throw new DiskImageException(DiskImageErrors.Exists, "Another file stands at the target path and is not overwritten.", path);
        }

        await BeginAsync(mark, digest, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Creates the target of a conversion in one pass.</summary>
    internal static async ValueTask<IConvertTarget> CreateTargetAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var writer = await CreateOrContinueAsync(path, Whole(plan), cancellationToken).ConfigureAwait(false);
        return new BlockTarget(writer, null, () =>
        {
            File.Delete(path);
            File.Delete(path + IncompleteExtension);
        });
    }

    /// <summary>Whether an interrupted conversion of the same source left the file.</summary>
    internal static bool IsLeftover(string path, DiskImagePlan plan)
    {
        var whole = Whole(plan);
        var mark = path + IncompleteExtension;
        return File.Exists(mark) && File.ReadAllBytes(mark).AsSpan().SequenceEqual(DigestOf(whole, new PlanRanges(whole)));
    }

    /// <summary>Refuses an image that has a mark beside it.</summary>
    internal static async ValueTask RefuseIncompleteAsync(IImageFiles files, string name, CancellationToken cancellationToken)
    {
        try
        {
            var mark = await files.OpenAsync(name + IncompleteExtension, cancellationToken).ConfigureAwait(false);
            await mark.DisposeAsync().ConfigureAwait(false);
        }
        catch (DiskImageException e) when (e.Code is DiskImageErrors.MissingFile or DiskImageErrors.ForbiddenReference)
        {
            return;
        }

        throw new InvalidDiskImageException(DiskImageErrors.Incomplete, $"{name}{IncompleteExtension} says that the image was not finished; repeat the conversion.", name);
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

        if (durable)
        {
            await _file.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        File.Delete(_file.Path + IncompleteExtension);
        if (durable)
        {
            _file.FlushFolder();
        }

        _completed = true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private static DiskImagePlan Whole(DiskImagePlan plan) => plan with { Allocated = [new DiskRange(0, plan.Capacity)] };

    private static byte[] DigestOf(DiskImagePlan plan, PlanRanges ranges) => Encoding.ASCII.GetBytes(PlanDigest.Compute(plan, ranges, 0));

    private static async ValueTask BeginAsync(string mark, byte[] digest, CancellationToken cancellationToken)
    {
        using var file = ImageFile.OpenOrCreate(mark);
        if (file.Length == 0)
        {
            file.Write(0, digest);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.FlushFolder();
            return;
        }

        var found = new byte[digest.Length];
        if (file.Length != digest.Length || file.Read(0, found) != found.Length || !found.AsSpan().SequenceEqual(digest))
        {
            throw new DiskImageException(DiskImageErrors.Exists, "Another plan began this image; delete the image and its mark to start again.", mark);
        }
    }
}
