using System.Buffers.Binary;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>Damages bytes where it does most: in what is not zero, at the start, at the end, and at places that a format's test knows.</summary>
internal sealed class Mutation
{
    private const int Sector = 512;

    /// <summary>Sectors at either end that get a share of their own.</summary>
    private const int NearSectors = 6;

    /// <summary>Limits of widths, sizes and signs: what fields are compared with and multiplied by.</summary>
    private static readonly ulong[] Limits =
    [
        0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x200, 0x7fff, 0xffff, 0x10000, 0x10_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000, 1UL << 40, 1UL << 54, 1UL << 55,
        1UL << 60, 0x7fff_ffff_ffff_ffff, 0x7fff_ffff_ffff_fe00, 0x8000_0000_0000_0000, 0xffff_ffff_ffff_fe00, ulong.MaxValue,
    ];

    private readonly byte[] _original;
    private readonly int[] _sectors;
    private readonly (int Offset, int Length)[] _hot;

    public Mutation(byte[] original, params (int Offset, int Length)[] hot)
    {
        _original = original;
        _hot = hot;
        _sectors = [.. Enumerable.Range(0, (original.Length + Sector - 1) / Sector).Where(i => Part(i).ContainsAnyExcept((byte)0))];
        if (_sectors.Length == 0)
        {
            _sectors = [0];
        }
    }

    /// <summary>The bytes with some damage.</summary>
    public byte[] Apply(Random random)
    {
        var bytes = (byte[])_original.Clone();
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Length > 0; changes--)
        {
            Damage(bytes, random);
        }

        return random.Next(12) switch
        {
            0 => bytes[..random.Next(bytes.Length + 1)],
            1 when _sectors.Length > 1 => bytes[..Math.Min(bytes.Length, _sectors[random.Next(_sectors.Length)] * Sector)],
            2 => [.. bytes, .. new byte[random.Next(1, 3 * Sector)]],
            _ => bytes,
        };
    }

    private void Damage(byte[] bytes, Random random)
    {
        var width = 1 << random.Next(4);
        var at = Math.Min(Place(random) / width * width, Math.Max(0, bytes.Length - width));
        var field = bytes.AsSpan(at, Math.Min(width, bytes.Length - at));
        switch (random.Next(8))
        {
            case 0:
                field[0] = (byte)random.Next(256);
                break;
            case 1 or 2:
                field[0] ^= (byte)(1 << random.Next(8));
                break;
            case 3 or 4:
                Set(field, Limits[random.Next(Limits.Length)] + (ulong)random.Next(-1, 2), random.Next(2) == 0);
                break;
            case 5:
                var isBig = random.Next(2) == 0;
                Set(field, Get(field, isBig) + (ulong)random.Next(-4, 5), isBig);
                break;
            case 6:
                // A field takes the value of another: references that lead to the same place, or to themselves.
                var from = Math.Min(Place(random) / width * width, bytes.Length - field.Length);
                bytes.AsSpan(from, field.Length).CopyTo(field);
                break;
            default:
                var run = bytes.AsSpan(at, Math.Min(random.Next(1, 64), bytes.Length - at));
                run.Fill(random.Next(3) switch { 0 => 0, 1 => 0xff, _ => (byte)random.Next(256) });
                break;
        }
    }

    private int Place(Random random)
    {
        if (_hot.Length > 0 && random.Next(2) == 0)
        {
            var (offset, length) = _hot[random.Next(_hot.Length)];
            return Math.Min(offset + random.Next(length), _original.Length);
        }

        var sector = random.Next(5) switch
        {
            0 or 1 => _sectors[random.Next(Math.Min(NearSectors, _sectors.Length))],
            2 => _sectors[^(1 + random.Next(Math.Min(NearSectors, _sectors.Length)))],
            3 => _sectors[random.Next(Math.Min(60, _sectors.Length))],
            _ => _sectors[random.Next(_sectors.Length)],
        };

        // Half of the changes near something that is not zero: there the fields are.
        var start = random.Next(Sector);
        var next = random.Next(2) == 0 ? Part(sector)[Math.Min(start, Part(sector).Length)..].IndexOfAnyExcept((byte)0) : 0;
        return Math.Min((sector * Sector) + start + Math.Max(0, next), _original.Length);
    }

    private ReadOnlySpan<byte> Part(int sector) => _original.AsSpan(Math.Min(_original.Length, sector * Sector), Math.Min(Sector, Math.Max(0, _original.Length - (sector * Sector))));

    private static ulong Get(ReadOnlySpan<byte> field, bool isBig)
    {
        Span<byte> bytes = stackalloc byte[8];
        field.CopyTo(isBig ? bytes[(8 - field.Length)..] : bytes);
        return isBig ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private static void Set(Span<byte> field, ulong value, bool isBig)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (isBig)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            bytes[(8 - field.Length)..].CopyTo(field);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes[..field.Length].CopyTo(field);
        }
    }
}
