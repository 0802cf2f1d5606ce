using Ferry.DiskImages.Vhdx;

namespace Ferry.DiskImages.Conversion;

/// <summary>A dynamic VHDX that grows block by block.</summary>
internal sealed class VhdxTarget : IConvertTarget
{
    private readonly VhdxWriter _writer;
    private readonly AppendedBlockSlots _slots;
    private readonly string _path;

    private VhdxTarget(VhdxWriter writer, AppendedBlockSlots slots, string path)
    {
        _writer = writer;
        _slots = slots;
        _path = path;
    }

    /// <summary>Creates the file.</summary>
    internal static async ValueTask<IConvertTarget> CreateAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var layout = VhdxLayout.Create(plan);
        var slots = new AppendedBlockSlots(layout.Geometry.BlockCount);
        return new VhdxTarget(await VhdxWriter.CreateAppendingAsync(path, layout, slots, cancellationToken).ConfigureAwait(false), slots, path);
    }

    /// <inheritdoc/>
    public void Allocate(long offset, long length)
    {
        for (var block = offset / _writer.BlockSize; block <= (offset + length - 1) / _writer.BlockSize; block++)
        {
            if (_slots.SlotOf(block) < 0)
            {
                _slots.Assign(block);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => _writer.WriteAsync(offset, data, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken) => _writer.CompleteAsync(durable, cancellationToken);

    /// <inheritdoc/>
    public void Remove() => File.Delete(_path);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
