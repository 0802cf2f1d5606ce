using System.Buffers.Binary;

namespace Ferry.Hives.Bcd;

/// <summary>The value of a device element. Kinds that are not known here keep their bytes; the partitions in them (of a RAM disk's file, for example) can be read and replaced.</summary>
public sealed class BcdDevice
{
    private const int OptionsSize = 16;
    private const int HeaderSize = 16;
    private const uint BootType = 5;
    private const uint PartitionType = 6;

    private readonly byte[] _bytes;

    private BcdDevice(byte[] bytes) => _bytes = bytes;

    /// <summary>Whether it is the partition that was booted from, whichever that is.</summary>
    public bool IsBoot => TypeAt(OptionsSize) == BootType;

    /// <summary>Whether it is a partition and nothing more.</summary>
    public bool IsPartition => TypeAt(OptionsSize) == PartitionType;

    /// <summary>The partitions that it names: one where it is a partition, also those inside of others.</summary>
    public IReadOnlyList<BcdPartition> Partitions => [.. Places().Select(x => BcdPartition.Read(_bytes.AsSpan(x))).OfType<BcdPartition>()];

    /// <summary>A partition.</summary>
    /// <param name="partition">Which.</param>
    public static BcdDevice Of(BcdPartition partition)
    {
        ArgumentNullException.ThrowIfNull(partition);
        var bytes = new byte[OptionsSize + HeaderSize + BcdPartition.Size];
        WriteHeader(bytes.AsSpan(OptionsSize));
        partition.Write(bytes.AsSpan(OptionsSize + HeaderSize));
        return new BcdDevice(bytes);
    }

    /// <summary>The device in an element's data; null where they are too short for one.</summary>
    /// <param name="data">The data.</param>
    public static BcdDevice? Read(ReadOnlySpan<byte> data) => data.Length < OptionsSize + HeaderSize ? null : new BcdDevice(data.ToArray());

    /// <summary>The device with a partition replaced wherever it is named.</summary>
    /// <param name="old">What is replaced.</param>
    /// <param name="by">What takes its place.</param>
    public BcdDevice Replace(BcdPartition old, BcdPartition by)
    {
        ArgumentNullException.ThrowIfNull(by);
        var bytes = ToBytes();
        foreach (var place in Places().Where(x => BcdPartition.Read(_bytes.AsSpan(x)) == old))
        {
            by.Write(bytes.AsSpan(place));
        }

        return new BcdDevice(bytes);
    }

    /// <summary>A copy of the element's data.</summary>
    public byte[] ToBytes() => (byte[])_bytes.Clone();

    private static void WriteHeader(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, PartitionType);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], HeaderSize + BcdPartition.Size);
    }

    private uint TypeAt(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));

    /// <summary>Where partitions stand behind a header that only they have.</summary>
    private IEnumerable<int> Places()
    {
        var header = new byte[HeaderSize];
        WriteHeader(header);
        for (var at = OptionsSize; at <= _bytes.Length - HeaderSize - BcdPartition.Size; at += sizeof(uint))
        {
            if (_bytes.AsSpan(at, HeaderSize).SequenceEqual(header))
            {
                yield return at + HeaderSize;
                at += HeaderSize + BcdPartition.Size - sizeof(uint);
            }
        }
    }
}
