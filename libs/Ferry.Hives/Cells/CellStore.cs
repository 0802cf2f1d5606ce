using System.Buffers.Binary;

namespace Ferry.Hives.Cells;

/// <summary>
/// The bins of a hive in memory, with a bit for every cell's start: an offset is believed only where a cell begins. Offsets are relative to the first bin, as in the format.
/// </summary>
internal sealed class CellStore
{
    /// <summary>No cell.</summary>
    public const int Nil = -1;

    public const int BinHeaderSize = 32;
    public const int BinUnit = 4096;
    public const int CellHeaderSize = 4;

    /// <summary>Cells begin and end at multiples of it.</summary>
    public const int Alignment = 8;

    private readonly string _name;
    private readonly int _maxBytes;
    private CellBits _starts = new(0);
    private CellBits _bins = new(0);
    private FreeCells? _free;
    private byte[] _file;
    private int _length;

    /// <param name="file">All bytes; they become the store's own.</param>
    /// <param name="name">For errors.</param>
    /// <param name="maxBytes">The most that the file may grow to.</param>
    public CellStore(byte[] file, string name, int maxBytes)
    {
        _file = file;
        _length = file.Length;
        _name = name;
        _maxBytes = maxBytes;
        BinsSize = BinsSizeOf();
        Index();
    }

    /// <summary>Bytes of all bins.</summary>
    public int BinsSize { get; private set; }

    /// <summary>Counts changes.</summary>
    public bool IsChanged { get; set; }

    public BaseBlock Header => new(_file);

    /// <summary>The file as it is now, with what followed the last bin.</summary>
    public ReadOnlySpan<byte> File => _file.AsSpan(0, _length);

    private Span<byte> Bins => _file.AsSpan(BaseBlock.Size, BinsSize);

    /// <summary>The content of an allocated cell; it is longer than was asked for by up to seven bytes, or more.</summary>
    public Span<byte> Cell(int offset, int least = 0)
    {
        if (!IsCell(offset))
        {
            throw Corrupt(offset, "A reference leads to a place where no cell begins.");
        }

        var size = SizeAt(offset);
        if (size > 0)
        {
            throw Corrupt(offset, "A reference leads to a free cell.");
        }

        var content = Bins.Slice(offset + CellHeaderSize, -size - CellHeaderSize);
        return content.Length >= least ? content : throw Corrupt(offset, "A cell is too short for what it holds.");
    }

    public bool IsCell(int offset) => offset >= 0 && offset < BinsSize && offset % Alignment == 0 && _starts[offset / Alignment];

    public bool IsAllocated(int offset) => IsCell(offset) && SizeAt(offset) < 0;

    /// <summary>All cells in their order: offset and size with header, and whether they are allocated.</summary>
    public IEnumerable<(int Offset, int Size, bool IsAllocated)> Cells()
    {
        for (var offset = BinHeaderSize; offset < BinsSize;)
        {
            var size = SizeAt(offset);
            yield return (offset, Math.Abs(size), size < 0);
            offset += Math.Abs(size);
            if (offset < BinsSize && IsBin(offset))
            {
                offset += BinHeaderSize;
            }
        }
    }

    /// <summary>Allocates a cell of zeros: the smallest free one that is large enough, else in a new bin.</summary>
    /// <exception cref="HiveException">The hive would become too large.</exception>
    public int Allocate(int content)
    {
        var need = (content + CellHeaderSize + Alignment - 1) / Alignment * Alignment;
        _free ??= new FreeCells(Cells().Where(x => !x.IsAllocated).Select(x => (x.Offset, x.Size)));
        if (!_free.TryTake(need, out var offset, out var size))
        {
            (offset, size) = AppendBin(need);
        }

        if (size > need)
        {
            Mark(offset + need, size - need);
            _free.Add(offset + need, size - need);
        }

        BinaryPrimitives.WriteInt32LittleEndian(Bins[offset..], -need);
        Bins.Slice(offset + CellHeaderSize, need - CellHeaderSize).Clear();
        IsChanged = true;
        return offset;
    }

    /// <summary>Frees a cell and joins it with free neighbours in its bin.</summary>
    public void Free(int offset)
    {
        var size = Cell(offset).Length + CellHeaderSize;
        _free ??= new FreeCells(Cells().Where(x => !x.IsAllocated).Select(x => (x.Offset, x.Size)));
        var next = offset + size;
        if (next < BinsSize && !IsBin(next) && SizeAt(next) > 0)
        {
            var nextSize = SizeAt(next);
            _free.Remove(next, nextSize);
            _starts[next / Alignment] = false;
            size += nextSize;
        }

        if (!IsBin(offset - BinHeaderSize) && SizeAt(Previous(offset)) > 0)
        {
            var previous = Previous(offset);
            _free.Remove(previous, SizeAt(previous));
            _starts[offset / Alignment] = false;
            size += SizeAt(previous);
            offset = previous;
        }

        Mark(offset, size);
        _free.Add(offset, size);
        IsChanged = true;
    }

    public HiveException Corrupt(int offset, string message) => new(HiveErrors.Corrupt, message, _name, offset < 0 ? null : BaseBlock.Size + (long)offset);

    public HiveException TooLarge() => new(HiveErrors.TooLarge, $"The hive would have more than {_maxBytes} bytes.", _name);

    private int SizeAt(int offset) => BinaryPrimitives.ReadInt32LittleEndian(Bins[offset..]);

    private bool IsBin(int offset) => offset >= 0 && offset % BinUnit == 0 && _bins[offset / BinUnit];

    private int Previous(int offset) => _starts.PreviousOf(offset / Alignment) * Alignment;

    private void Mark(int offset, int size)
    {
        _starts[offset / Alignment] = true;
        BinaryPrimitives.WriteInt32LittleEndian(Bins[offset..], size);
    }

    private (int Offset, int Size) AppendBin(int need)
    {
        var start = BinsSize;
        var size = ((long)need + BinHeaderSize + BinUnit - 1) / BinUnit * BinUnit;
        if (BaseBlock.Size + start + size > _maxBytes)
        {
            throw TooLarge();
        }

        var end = (int)(BaseBlock.Size + start + size);
        if (end > _file.Length)
        {
            Array.Resize(ref _file, (int)Math.Min(_maxBytes, Math.Max(end, _file.Length * 5L / 4)));
        }

        _length = Math.Max(_length, end);
        BinsSize += (int)size;
        var header = Header;
        header.BinsSize = (uint)BinsSize;
        _starts.Grow(BinsSize / Alignment);
        _bins.Grow(BinsSize / BinUnit);
        var bin = Bins[start..];
        bin.Clear();
        "hbin"u8.CopyTo(bin);
        BinaryPrimitives.WriteInt32LittleEndian(bin[4..], start);
        BinaryPrimitives.WriteInt32LittleEndian(bin[8..], (int)size);
        _bins[start / BinUnit] = true;
        Mark(start + BinHeaderSize, (int)size - BinHeaderSize);
        return (start + BinHeaderSize, (int)size - BinHeaderSize);
    }

    private int BinsSizeOf()
    {
        var size = Header.BinsSize;
        if (size == 0 || size % BinUnit != 0)
        {
            throw new HiveException(HiveErrors.Corrupt, $"The header says that the bins have {size} bytes.", _name, 40);
        }

        return size <= (uint)(_length - BaseBlock.Size)
            ? (int)size
            : throw new HiveException(HiveErrors.Truncated, $"The header says that the bins have {size} bytes, the file has {_length - BaseBlock.Size} after its header.", _name);
    }

    private void Index()
    {
        _starts = new CellBits(BinsSize / Alignment);
        _bins = new CellBits(BinsSize / BinUnit);
        for (var bin = 0; bin < BinsSize;)
        {
            bin += IndexBin(bin);
        }
    }

    private int IndexBin(int bin)
    {
        var header = Bins[bin..];
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (!header.StartsWith("hbin"u8) || BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != bin || size == 0 || size % BinUnit != 0 || size > (uint)(BinsSize - bin))
        {
            throw Corrupt(bin, "The header of a bin is wrong.");
        }

        _bins[bin / BinUnit] = true;
        for (var at = bin + BinHeaderSize; at < bin + (int)size;)
        {
            var cell = Math.Abs((long)SizeAt(at));
            if (cell == 0 || cell % Alignment != 0 || at + cell > bin + size)
            {
                throw Corrupt(at, "A cell's size does not fit its bin.");
            }

            _starts[at / Alignment] = true;
            at += (int)cell;
        }

        return (int)size;
    }
}
