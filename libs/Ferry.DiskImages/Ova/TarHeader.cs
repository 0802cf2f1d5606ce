using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.Ova;

/// <summary>Header of a tar member (POSIX.1-1988 ustar; GNU base-256 sizes): one sector.</summary>
/// <param name="Name">Offset 0, with the prefix at 345.</param>
/// <param name="Size">Offset 124: bytes of the member.</param>
/// <param name="Type">Offset 156.</param>
internal readonly record struct TarHeader(string Name, long Size, byte Type)
{
    /// <summary>Size on disk.</summary>
    internal const int SizeOnDisk = 512;

    /// <summary><see cref="Type"/> of a regular file.</summary>
    internal const byte Regular = (byte)'0';

    /// <summary><see cref="Type"/> of a regular file in old archives.</summary>
    internal const byte OldRegular = 0;

    /// <summary><see cref="Type"/> of a pax header for the next member.</summary>
    internal const byte PaxHeader = (byte)'x';

    /// <summary><see cref="Type"/> of a pax header for all members.</summary>
    internal const byte PaxGlobalHeader = (byte)'g';

    /// <summary><see cref="Type"/> of a GNU long name for the next member.</summary>
    internal const byte GnuLongName = (byte)'L';

    private const int ChecksumOffset = 148;
    private const int ChecksumSize = 8;

    /// <summary>Whether a sector is a header: the checksum is right.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> sector)
    {
        if (sector.Length < SizeOnDisk || ParseOctal(sector.Slice(ChecksumOffset, ChecksumSize)) is not { } stated)
        {
            return false;
        }

        long sum = ChecksumSize * ' ';
        for (var i = 0; i < SizeOnDisk; i++)
        {
            sum += i is >= ChecksumOffset and < ChecksumOffset + ChecksumSize ? 0 : sector[i];
        }

        return sum == stated;
    }

    /// <summary>Reads the structure; null when its size is impossible.</summary>
    internal static TarHeader? TryRead(ReadOnlySpan<byte> sector)
    {
        var isUstar = sector.Slice(257, 5).SequenceEqual("ustar"u8);
        var prefix = isUstar && sector[263] == (byte)'0' ? Text(sector.Slice(345, 155)) : "";
        var name = Text(sector[..100]);
        return ParseSize(sector.Slice(124, 12)) is { } size ? new TarHeader(prefix.Length > 0 ? $"{prefix}/{name}" : name, size, sector[156]) : null;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    private static long? ParseSize(ReadOnlySpan<byte> field) => field[0] switch
    {
        0x80 when field[1..4].IndexOfAnyExcept((byte)0) < 0 && BinaryPrimitives.ReadInt64BigEndian(field[4..]) is >= 0 and var size => size,
        >= 0x80 => null,
        _ => ParseOctal(field),
    };

    private static long? ParseOctal(ReadOnlySpan<byte> field)
    {
        long value = 0;
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            value = (value * 8) + (digit - '0');
        }

        return value;
    }
}
