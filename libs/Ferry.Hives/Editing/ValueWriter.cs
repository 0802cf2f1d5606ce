using System.Buffers.Binary;
using Ferry.Hives.Cells;
using Ferry.Hives.Keys;
using Ferry.Hives.Values;

namespace Ferry.Hives.Editing;

/// <summary>Changes values and their data.</summary>
internal sealed class ValueWriter(KeyReader keys)
{
    /// <summary>The largest data of a hive without segments: Windows has no larger cell.</summary>
    private const int MostInOneCell = (1 << 20) - CellStore.CellHeaderSize - CellStore.BinHeaderSize;

    private readonly CellStore _cells = keys.Cells;

    public void Add(int key, string name, uint type, byte[] data)
    {
        var encoded = HiveNames.Encode(name);
        var value = _cells.Allocate(ValueNode.Size + encoded.Length);
        var cell = _cells.Cell(value);
        ValueNode.WriteSignature(cell);
        var node = new ValueNode(cell) { NameLength = (ushort)encoded.Length, Flags = HiveNames.IsCompressible(name) ? ValueNode.CompressedName : (ushort)0 };
        encoded.CopyTo(node.Name);
        node.SetSize(0, isInline: true);
        SetData(value, type, data);

        var values = keys.Values(key);
        var list = values.Length == 0 ? CellStore.Nil : keys.Node(key).Values;
        var length = (values.Length + 1) * sizeof(int);
        var target = list == CellStore.Nil || _cells.Cell(list).Length < length ? _cells.Allocate(length) : list;
        WriteList(target, [.. values, value]);
        var owner = keys.Node(key);
        owner.Values = target;
        owner.ValueCount = values.Length + 1;
        if (list != CellStore.Nil && list != target)
        {
            _cells.Free(list);
        }
    }

    public void Remove(int key, int index)
    {
        var values = keys.Values(key);
        var list = keys.Node(key).Values;
        FreeData(values[index]);
        _cells.Free(values[index]);
        var owner = keys.Node(key);
        owner.ValueCount = values.Length - 1;
        if (values.Length == 1)
        {
            owner.Values = CellStore.Nil;
            _cells.Free(list);
        }
        else
        {
            WriteList(list, [.. values[..index], .. values[(index + 1)..]]);
        }
    }

    public void FreeAll(int key)
    {
        var values = keys.Values(key);
        foreach (var value in values)
        {
            FreeData(value);
            _cells.Free(value);
        }

        if (values.Length > 0)
        {
            _cells.Free(keys.Node(key).Values);
        }
    }

    /// <summary>Writes data in place where they have the room that was there, else anew.</summary>
    public void SetData(int value, uint type, byte[] data)
    {
        var node = keys.Value(value);
        node.Type = type;
        _cells.IsChanged = true;
        if (data.Length <= ValueNode.MostInline)
        {
            FreeData(value);
            node.SetSize(data.Length, isInline: true);
            node.InlineData.Clear();
            data.CopyTo(node.InlineData);
            return;
        }

        var isInCell = !node.IsInline && node.DataSize > 0 && !DataReader.IsBig(_cells, node.DataSize);
        if (isInCell && !DataReader.IsBig(_cells, data.Length) && _cells.Cell(node.Data) is var cell && cell.Length >= data.Length)
        {
            data.CopyTo(cell);
            cell[data.Length..].Clear();
            node.SetSize(data.Length, isInline: false);
            return;
        }

        var written = DataReader.IsBig(_cells, data.Length) ? WriteSegments(data) : WriteCell(data);
        FreeData(value);
        node = keys.Value(value);
        node.Data = written;
        node.SetSize(data.Length, isInline: false);
    }

    private void FreeData(int value)
    {
        var node = keys.Value(value);
        if (node.IsInline || node.DataSize == 0)
        {
            return;
        }

        if (DataReader.IsBig(_cells, node.DataSize))
        {
            var (list, segments) = DataReader.Segments(_cells, node.Data, node.DataSize);
            foreach (var segment in segments)
            {
                _cells.Free(segment);
            }

            _cells.Free(list);
        }

        _cells.Free(node.Data);
    }

    private int WriteCell(byte[] data)
    {
        if (data.Length > MostInOneCell)
        {
            throw new HiveException(HiveErrors.TooLarge, $"A value of {data.Length} bytes does not fit a hive of version 1.{_cells.Header.Minor}, which holds up to {MostInOneCell}.");
        }

        var cell = _cells.Allocate(data.Length);
        data.CopyTo(_cells.Cell(cell));
        return cell;
    }

    private int WriteSegments(byte[] data)
    {
        var count = (data.Length + DataReader.SegmentSize - 1) / DataReader.SegmentSize;
        if (count > ushort.MaxValue)
        {
            throw _cells.TooLarge();
        }

        // As in Windows the last segment has the full size, too.
        var segments = new int[count];
        for (var i = 0; i < count; i++)
        {
            var part = data.AsSpan(i * DataReader.SegmentSize, Math.Min(DataReader.SegmentSize, data.Length - (i * DataReader.SegmentSize)));
            segments[i] = _cells.Allocate(DataReader.SegmentSize);
            part.CopyTo(_cells.Cell(segments[i]));
        }

        var list = _cells.Allocate(count * sizeof(int));
        WriteList(list, segments);
        var record = _cells.Allocate(DataReader.BigDataSize);
        var cell = _cells.Cell(record);
        "db"u8.CopyTo(cell);
        BinaryPrimitives.WriteUInt16LittleEndian(cell[2..], (ushort)count);
        BinaryPrimitives.WriteInt32LittleEndian(cell[4..], list);
        return record;
    }

    private void WriteList(int list, int[] offsets)
    {
        var cell = _cells.Cell(list, offsets.Length * sizeof(int));
        for (var i = 0; i < offsets.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(cell[(i * sizeof(int))..], offsets[i]);
        }
    }
}
