using Ferry.DiskImages.Raw;

namespace Ferry.DiskImages.Conversion;

/// <summary>A sparse raw file.</summary>
internal sealed class RawTarget : IConvertTarget
{
    private readonly RawWriter _writer;
    private readonly string _path;

    private RawTarget(RawWriter writer, string path)
    {
        _writer = writer;
        _path = path;
    }

    /// <summary>Creates the file.</summary>
    internal static async ValueTask<IConvertTarget> CreateAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        return new RawTarget(await RawWriter.CreateOrContinueAsync(path, Whole(plan), cancellationToken).ConfigureAwait(false), path);
    }

    /// <summary>Whether an interrupted conversion of the same source left the file.</summary>
    internal static bool IsLeftover(string path, DiskImagePlan plan) => RawWriter.IsMarkedBy(path, Whole(plan));

    /// <summary>Every byte has its place already.</summary>
    public void Allocate(long offset, long length)
    {
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => _writer.WriteAsync(offset, data, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken) => _writer.CompleteAsync(durable, cancellationToken);

    /// <inheritdoc/>
    public void Remove()
    {
        File.Delete(_path);
        File.Delete(_path + RawWriter.IncompleteExtension);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static DiskImagePlan Whole(DiskImagePlan plan) => plan with { Allocated = [new DiskRange(0, plan.Capacity)] };
}
