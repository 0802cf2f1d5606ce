using System.Buffers;
using System.Runtime.InteropServices;
using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Writes a dynamic VHDX. Blocks go straight to their final place; the metadata is written when the image is completed.</summary>
internal sealed class VhdxWriter : IAppendingWriter
{
    /// <summary>The creator field of a file whose blocks get their places as they come.</summary>
    private const string AppendingCreator = "Ferry";

    private const int TableBuffer = 1 << 20;

    private readonly ImageFile _file;
    private readonly VhdxLayout _layout;
    private readonly IBlockSlots _slots;
    private readonly PlanRanges? _ranges;
    private bool _completed;

    private VhdxWriter(ImageFile file, VhdxLayout layout, IBlockSlots slots, PlanRanges? ranges, bool completed)
    {
        _file = file;
        _layout = layout;
        _slots = slots;
        _ranges = ranges;
        _completed = completed;
    }

    /// <inheritdoc/>
    public long Capacity => _layout.Geometry.Capacity;

    /// <inheritdoc/>
    public long BlockSize => _layout.Geometry.BlockSize;

    /// <summary>Creates the file of a plan, goes on with it, or finds that it is already complete.</summary>
    internal static async ValueTask<IDiskImageWriter> CreateOrContinueAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var ranges = new PlanRanges(plan);
        var layout = VhdxLayout.Create(plan);
        var slots = new PlannedBlockSlots(ranges, layout.Geometry.BlockSize);
        var creator = $"Ferry plan {PlanDigest.Compute(plan, ranges, layout.Geometry.BlockSize)}";
        var file = ImageFile.OpenOrCreate(path);
        try
        {
            var completed = await BeginAsync(file, creator, layout.OffsetOf(slots.Count), cancellationToken).ConfigureAwait(false);
            return new VhdxWriter(file, layout, slots, ranges, completed);
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
        var layout = VhdxLayout.Create(plan);
        var slots = new AppendedBlockSlots(layout.Geometry.BlockCount);
        var file = ImageFile.CreateNew(path);
        try
        {
            await BeginAsync(file, AppendingCreator, layout.PayloadOffset, cancellationToken).ConfigureAwait(false);
            return new BlockTarget(new VhdxWriter(file, layout, slots, null, completed: false), slots, () => File.Delete(path));
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
        Span<byte> start = stackalloc byte[FileIdentifier.Size];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && FileIdentifier.IsIncomplete(start)
            && FileIdentifier.Read(start).Creator == AppendingCreator;
    }

    /// <summary>The write itself is synchronous.</summary>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ranges?.Require(offset, data.Length);
        if (_completed)
        {
            throw new InvalidOperationException("The image is complete and takes no more data.");
        }

        var rest = data.Span;
        while (!rest.IsEmpty)
        {
            var slot = _slots.SlotOf(offset / BlockSize);
            ArgumentOutOfRangeException.ThrowIfNegative(slot, nameof(offset));
            var inBlock = offset % BlockSize;
            var count = (int)Math.Min(rest.Length, BlockSize - inBlock);
            _file.Write(_layout.OffsetOf(slot) + inBlock, rest[..count]);
            rest = rest[count..];
            offset += count;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _file.FlushAsync(cancellationToken);

    /// <summary>Data first, then the metadata, each made durable; the signature, which makes the file an image, last.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => CompleteAsync(durable: true, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken)
    {
        if (_completed)
        {
            return;
        }

        _file.SetLength(_layout.OffsetOf(_slots.Count));
        await FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        WriteHeaders();
        WriteTable();
        await FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        _file.Write(0, FileIdentifier.Signature);
        await FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        _completed = true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Marks a new file as incomplete, or recognises one that the same plan began.</summary>
    /// <returns>Whether the image is complete already.</returns>
    private static async ValueTask<bool> BeginAsync(ImageFile file, string creator, long length, CancellationToken cancellationToken)
    {
        var bytes = new byte[FileIdentifier.Size];
        if (file.Length == 0)
        {
            new FileIdentifier(IsComplete: false, creator).Write(bytes);
            file.Write(0, bytes);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.SetLength(length);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.FlushFolder();
            return false;
        }

        var known = file.Read(0, bytes) == bytes.Length && (FileIdentifier.IsMatch(bytes) || FileIdentifier.IsIncomplete(bytes));
        if (!known)
        {
            throw new DiskImageException(DiskImageErrors.Exists, "Another file stands at the target path and is not overwritten.", file.Path);
        }

        var found = FileIdentifier.Read(bytes);
        if (found.Creator != creator)
        {
            throw found.IsComplete
                ? new DiskImageException(DiskImageErrors.Exists, "Another image stands at the target path and is not overwritten.", file.Path)
                : new DiskImageException(DiskImageErrors.Exists, "The file is an incomplete image that another plan began; delete it to start again.", file.Path);
        }

        if (!found.IsComplete && file.Length < length)
        {
            // The first writer died between its mark and the length.
            file.SetLength(length);
        }

        return found.IsComplete;
    }

    private ValueTask FlushIfAsync(bool durable, CancellationToken cancellationToken) =>
        durable ? _file.FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    private void WriteHeaders()
    {
        var bytes = new byte[RegionTable.Size];
        _layout.Header(0).Write(bytes);
        _file.Write(VhdxHeader.FirstOffset, bytes.AsSpan(0, VhdxHeader.Size));
        _layout.Header(1).Write(bytes);
        _file.Write(VhdxHeader.SecondOffset, bytes.AsSpan(0, VhdxHeader.Size));
        _layout.Regions().Write(bytes);
        _file.Write(RegionTable.FirstOffset, bytes);
        _file.Write(RegionTable.SecondOffset, bytes);
        var (offset, metadata) = _layout.Metadata();
        _file.Write(offset, metadata);
    }

    private void WriteTable()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(TableBuffer);
        try
        {
            for (long position = 0; position < _layout.BatLength; position += TableBuffer)
            {
                var entries = MemoryMarshal.Cast<byte, ulong>(buffer.AsSpan(0, TableBuffer));
                FillEntries(entries, position / BatEntry.Size);
                _file.Write(VhdxLayout.TableOffset + position, buffer.AsSpan(0, TableBuffer));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void FillEntries(Span<ulong> entries, long first)
    {
        var ratio = _layout.Geometry.ChunkRatio;
        for (var i = 0; i < entries.Length; i++)
        {
            var group = (first + i) / (ratio + 1);
            var inGroup = (first + i) % (ratio + 1);
            var block = (group * ratio) + inGroup;
            var slot = inGroup < ratio && block < _layout.Geometry.BlockCount ? _slots.SlotOf(block) : -1;
            var value = slot < 0 ? 0 : BatEntry.Present(_layout.OffsetOf(slot)).Value;
            entries[i] = BitConverter.IsLittleEndian ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
        }
    }
}
