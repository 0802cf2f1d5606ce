using System.Buffers.Binary;
using Ferry.Hives.Cells;
using Ferry.Hives.Keys;

namespace Ferry.Hives.Values;

/// <summary>Data of values: in the value, in a cell, or ("db") in a list of segments.</summary>
internal static class DataReader
{
    /// <summary>Data above it stand in segments of this size where the hive's version has them.</summary>
    public const int SegmentSize = 16_344;

    /// <summary>The first minor version with segments.</summary>
    public const int FirstMinorWithSegments = 4;

    public const int BigDataSize = 8;

    public static bool IsBig(CellStore cells, int size) => size > SegmentSize && cells.Header.Minor >= FirstMinorWithSegments;

    /// <summary>Looks at all that data need, without reading them.</summary>
    public static void Check(KeyReader keys, int value)
    {
        var node = keys.Value(value);
        var size = node.DataSize;
        if (node.IsInline)
        {
            if (size > ValueNode.MostInline)
            {
                throw keys.Cells.Corrupt(value, $"A value of {size} bytes cannot hold them itself.");
            }
        }
        else if (size > 0 && IsBig(keys.Cells, size))
        {
            CheckSegments(keys.Cells, node.Data, size);
        }
        else if (size > 0)
        {
            keys.Cells.Cell(node.Data, size);
        }
    }

    public static byte[] Read(KeyReader keys, int value)
    {
        Check(keys, value);
        var node = keys.Value(value);
        var size = node.DataSize;
        if (node.IsInline)
        {
            return node.InlineData[..size].ToArray();
        }

        if (size == 0)
        {
            return [];
        }

        return IsBig(keys.Cells, size) ? ReadSegments(keys.Cells, node.Data, size) : keys.Cells.Cell(node.Data, size)[..size].ToArray();
    }

    /// <summary>The segments of big data, after its list of them.</summary>
    public static (int List, int[] Segments) Segments(CellStore cells, int data, int size)
    {
        var record = cells.Cell(data, BigDataSize);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(record[2..]);
        if (!record.StartsWith("db"u8) || count != (size + SegmentSize - 1) / SegmentSize)
        {
            throw cells.Corrupt(data, $"The segments of a value of {size} bytes are not where they should be, or are too few.");
        }

        var at = BinaryPrimitives.ReadInt32LittleEndian(record[4..]);
        var list = cells.Cell(at, count * sizeof(int));
        var segments = new int[count];
        for (var i = 0; i < count; i++)
        {
            segments[i] = BinaryPrimitives.ReadInt32LittleEndian(list[(i * sizeof(int))..]);
        }

        return (at, segments);
    }

    private static byte[] ReadSegments(CellStore cells, int data, int size)
    {
        var (_, segments) = Segments(cells, data, size);
        var bytes = new byte[size];
        for (var i = 0; i < segments.Length; i++)
        {
            var length = Math.Min(SegmentSize, size - (i * SegmentSize));
            cells.Cell(segments[i])[..length].CopyTo(bytes.AsSpan(i * SegmentSize));
        }

        return bytes;
    }

    private static void CheckSegments(CellStore cells, int data, int size)
    {
        var (_, segments) = Segments(cells, data, size);

        // All are looked at before anything is allocated: a size is no more than a claim.
        for (var i = 0; i < segments.Length; i++)
        {
            cells.Cell(segments[i], Math.Min(SegmentSize, size - (i * SegmentSize)));
        }

        if (segments.Distinct().Count() != segments.Length)
        {
            throw cells.Corrupt(data, "A value has a segment twice.");
        }
    }
}
