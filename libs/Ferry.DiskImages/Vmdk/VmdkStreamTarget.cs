using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// Writes a streamOptimized file ("Virtual Disk Format 5.0", section "Stream-Optimized Compressed Sparse Extents") as VMware's own export does: header and
/// descriptor, compressed grains in the order of the disk, behind those of each grain table the table, then grain directory, footer and the end of the stream.
/// Workers compress on all cores; only the places are given out in order.
/// </summary>
internal sealed class VmdkStreamTarget : IConvertTarget
{
    private const int GrainSize = 64 * 1024;
    private const int GrainSectors = GrainSize / SourceBounds.Sector;
    private const int TableSize = VmdkSparseLayout.TableEntries * sizeof(uint);
    private const uint Version = 3;
    private const ushort Deflate = 1;

    /// <summary>Where the first grain stands: VMware's export begins there, too.</summary>
    private const int OverheadSectors = 128;

    private readonly ImageFile _file;
    private readonly DiskImagePlan _plan;
    private readonly CompressionLevel _level;
    private readonly byte[] _descriptor;
    private readonly byte[] _directory;
    private readonly byte[] _table = new byte[TableSize];
    private long _tableIndex = -1;
    private long _position = OverheadSectors * SourceBounds.Sector;

    private VmdkStreamTarget(ImageFile file, DiskImagePlan plan, byte[] descriptor)
    {
        _file = file;
        _plan = plan;
        _level = CompressionLevel.Optimal;
        _descriptor = descriptor;
        var grains = (plan.Capacity + GrainSize - 1) / GrainSize;
        var tables = (grains + VmdkSparseLayout.TableEntries - 1) / VmdkSparseLayout.TableEntries;
        _directory = new byte[((tables * sizeof(uint)) + SourceBounds.Sector - 1) / SourceBounds.Sector * SourceBounds.Sector];
    }

    /// <inheritdoc/>
    public int Alignment => GrainSize;

    /// <summary>Creates the file. It cannot be continued.</summary>
    internal static async ValueTask<IConvertTarget> CreateAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        VmdkSparseLayout.RequireSizes(plan);
        if (plan.BlockSize is not 0 and not GrainSize)
        {
            throw new ArgumentException($"A grain of a streamOptimized VMDK has 64 KiB, not {plan.BlockSize} bytes.", nameof(plan));
        }

        var extent = $"SPARSE {VmdkDescriptorText.Quote(Path.GetFileName(path))}";
        var descriptor = new VmdkDescriptorText("streamOptimized", plan.Capacity, extent, new VmdkWriting(plan.DiskId), Access: "RDONLY").ToBytes();
        var file = ImageFile.CreateNew(path);
        try
        {
            await VmdkSparseCreation.MarkAsync(file, digest: null, OverheadSectors * SourceBounds.Sector, cancellationToken).ConfigureAwait(false);
            return new VmdkStreamTarget(file, plan, descriptor);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IPreparedPiece? Prepare(long offset, ReadOnlyMemory<byte> data)
    {
        var grains = (data.Length + GrainSize - 1) / GrainSize;
        VmdkStreamPiece? piece = null;
        for (var i = 0; i < grains; i++)
        {
            var grain = data.Span[(i * GrainSize)..Math.Min(data.Length, (i + 1) * GrainSize)];
            if (ZeroRuns.IsZero(grain))
            {
                continue;
            }

            piece ??= new VmdkStreamPiece(this, ArrayPool<byte>.Shared.Rent((grains * GrainDeflater.Bound(GrainSize)) + GrainSize), grains);
            piece.Add(Whole(grain, piece.Spare), (offset / GrainSize) + i, _level);
        }

        return piece;

        // The last grain of a disk is filled up: every reader wants it whole.
        static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> grain, Span<byte> spare)
        {
            if (grain.Length == GrainSize)
            {
                return grain;
            }

            grain.CopyTo(spare);
            spare[grain.Length..GrainSize].Clear();
            return spare[..GrainSize];
        }
    }

    /// <summary>Takes the place of prepared grains: their sectors go into the grain table, which is written when the first grain of the next one comes.</summary>
    /// <param name="grains">Numbers of the grains and where each begins in the piece.</param>
    /// <param name="length">Bytes of the piece.</param>
    /// <returns>Where the piece stands.</returns>
    internal long Place(ReadOnlySpan<(long Grain, int Start)> grains, int length)
    {
        var table = grains[0].Grain / VmdkSparseLayout.TableEntries;
        if (table != _tableIndex)
        {
            EndTable();
            _tableIndex = table;
        }

        var position = Take(length);
        foreach (var (grain, start) in grains)
        {
            var entry = (uint)((position + start) / SourceBounds.Sector);
            BinaryPrimitives.WriteUInt32LittleEndian(_table.AsSpan((int)(grain % VmdkSparseLayout.TableEntries) * sizeof(uint)), entry);
        }

        return position;
    }

    /// <summary>Writes a placed piece.</summary>
    internal void Write(long position, ReadOnlySpan<byte> bytes) => _file.Write(position, bytes);

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken)
    {
        EndTable();
        var directory = WriteMetadata(MetadataMarker.GrainDirectory, _directory);
        var header = Header(SparseExtentHeader.DirectoryAtEnd);
        var footer = new byte[SparseExtentHeader.Size];
        Header((ulong)(directory / SourceBounds.Sector)).Write(footer);
        WriteMetadata(MetadataMarker.Footer, footer);
        WriteMetadata(MetadataMarker.EndOfStream, []);
        _file.Write(VmdkSparseLayout.DescriptorSector * SourceBounds.Sector, _descriptor);
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        header.Write(footer);
        _file.Write(0, footer);
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Remove() => ImageFile.Delete(_file.Path);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private SparseExtentHeader Header(ulong directorySector) => new(
        Version,
        SparseExtentFlags.ValidLineEnds | SparseExtentFlags.Compressed | SparseExtentFlags.Markers,
        (ulong)(_plan.Capacity / SourceBounds.Sector),
        GrainSectors,
        VmdkSparseLayout.DescriptorSector,
        VmdkSparseLayout.DescriptorSectors,
        VmdkSparseLayout.TableEntries,
        RedundantDirectoryOffset: 0,
        directorySector,
        OverheadSectors,
        Deflate);

    private void EndTable()
    {
        if (_tableIndex >= 0)
        {
            var offset = WriteMetadata(MetadataMarker.GrainTable, _table);
            BinaryPrimitives.WriteUInt32LittleEndian(_directory.AsSpan((int)_tableIndex * sizeof(uint)), (uint)(offset / SourceBounds.Sector));
            _table.AsSpan().Clear();
        }
    }

    /// <summary>Writes a marker and what follows it.</summary>
    /// <returns>Where the latter stands.</returns>
    private long WriteMetadata(uint type, ReadOnlySpan<byte> bytes)
    {
        var whole = new byte[MetadataMarker.Size + bytes.Length];
        new MetadataMarker((ulong)(bytes.Length / SourceBounds.Sector), DataSize: 0, type).Write(whole);
        bytes.CopyTo(whole.AsSpan(MetadataMarker.Size));
        var position = Take(whole.Length);
        _file.Write(position, whole);
        return position + MetadataMarker.Size;
    }

    private long Take(int length)
    {
        var position = _position;
        _position += length;
        return _position / SourceBounds.Sector <= uint.MaxValue
            ? position
            : throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, "The compressed data does not fit into a VMDK, which ends at 2 TiB.", _file.Path);
    }
}
