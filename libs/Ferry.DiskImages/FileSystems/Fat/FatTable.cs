using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Fat;

/// <summary>
/// The file allocation table (Microsoft FAT Specification, section 4), read in windows of whole entries; all copies have to be the same.
/// Not for concurrent use.
/// </summary>
/// <param name="volume">The volume.</param>
/// <param name="boot">Its boot sector.</param>
internal sealed class FatTable(VolumeSource volume, FatBootSector boot)
{
    /// <summary>A multiple of the 3 bytes that two entries of FAT12 take, and of 4.</summary>
    private const int WindowBytes = 192 * 1024;

    private const uint Fat32Mask = 0x0fffffff;

    private readonly byte[] _window = new byte[WindowBytes];
    private readonly byte[] _copy = new byte[WindowBytes];
    private long _start = -1;
    private int _length;

    /// <summary>Number of entries that stand for clusters or are reserved: clusters are counted from 2.</summary>
    internal uint Entries => boot.Clusters + 2;

    /// <summary>The first value that is not the number of a cluster that can be there; 0x...F7 marks a bad cluster, 0x...F8 and above the end of a file.</summary>
    internal uint Bad => boot.Bits switch { 12 => 0xff7, 16 => 0xfff7, _ => 0x0ffffff7 };

    /// <summary>Reads an entry. Fast when entries are asked for in ascending order.</summary>
    /// <exception cref="VolumeRefusedException">The copies of the table differ.</exception>
    internal ValueTask<uint> ReadAsync(uint entry, CancellationToken cancellationToken)
    {
        var at = (long)entry * boot.Bits / 8;
        return at >= _start && at + 4 <= _start + _length && _start >= 0 ? new ValueTask<uint>(Decode(entry, (int)(at - _start))) : LoadAsync(entry, at, cancellationToken);
    }

    private async ValueTask<uint> LoadAsync(uint entry, long at, CancellationToken cancellationToken)
    {
        // The window begins with the entry itself. Up to three bytes behind the last entry may be decoded and masked off again.
        var size = (long)boot.TableSectors * boot.SectorSize;
        _length = (int)Math.Min(WindowBytes, size - at);
        _start = at;
        await volume.ReadAsync(boot.TableOffset(0) + at, _window.AsMemory(0, _length), cancellationToken).ConfigureAwait(false);
        for (var table = 1; table < boot.Tables; table++)
        {
            await volume.ReadAsync(boot.TableOffset(table) + at, _copy.AsMemory(0, _length), cancellationToken).ConfigureAwait(false);
            if (!_copy.AsSpan(0, _length).SequenceEqual(_window.AsSpan(0, _length)))
            {
                throw VolumeRefusedException.Inconsistent("The two copies of the file allocation table differ.");
            }
        }

        _window.AsSpan(_length).Clear();
        return Decode(entry, 0);
    }

    private uint Decode(uint entry, int at)
    {
        var bytes = _window.AsSpan(at);
        return boot.Bits switch
        {
            12 => (uint)(BinaryPrimitives.ReadUInt16LittleEndian(bytes) >> ((entry & 1) == 0 ? 0 : 4)) & 0xfff,
            16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes) & Fat32Mask,
        };
    }
}
