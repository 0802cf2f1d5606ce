using System.Buffers.Binary;
using System.Text;
using Ferry.Hives.Cells;
using Ferry.Hives.Keys;

namespace Ferry.Hives.Editing;

/// <summary>A hive that holds its root only, which administrators and the system may change and everyone may read.</summary>
internal static class EmptyHive
{
    private const string RootName = "ROOT";
    private const int RootAt = CellStore.BinHeaderSize;

    // Owner and group BUILTIN\Administrators; full access for them and SYSTEM, read access for Everyone, inherited by subkeys.
    private static readonly byte[] Security = Convert.FromHexString(
        "010004801400000024000000" + "0000000034000000" +
        "01020000000000052000000020020000" + "01020000000000052000000020020000" +
        "0200480003000000" +
        "000218003F000F0001020000000000052000000020020000" +
        "000214003F000F00010100000000000512000000" +
        "0002140019000200010100000000000100000000");

    public static byte[] Create(int minor, ulong time)
    {
        var file = new byte[BaseBlock.Size + CellStore.BinUnit];
        "regf"u8.CopyTo(file);
        Set(file, 20, 1);
        Set(file, 24, minor);
        Set(file, 32, 1);
        Set(file, 36, RootAt);
        Set(file, 44, 1);
        var header = new BaseBlock(file) { Sequence1 = 1, Sequence2 = 1, Time = time, BinsSize = CellStore.BinUnit };
        header.SetChecksum();

        var bin = file.AsSpan(BaseBlock.Size);
        "hbin"u8.CopyTo(bin);
        Set(bin, 8, CellStore.BinUnit);
        BinaryPrimitives.WriteUInt64LittleEndian(bin[20..], time);
        var securityAt = RootAt + WriteSize(bin, RootAt, KeyNode.Size + RootName.Length);
        var freeAt = securityAt + WriteSize(bin, securityAt, SecurityNode.Size + Security.Length);
        Set(bin, freeAt, CellStore.BinUnit - freeAt);

        var cell = bin[(RootAt + CellStore.CellHeaderSize)..];
        KeyNode.WriteSignature(cell);
        var root = new KeyNode(cell)
        {
            Flags = KeyNode.RootFlags | KeyNode.CompressedName,
            Time = time,
            Parent = CellStore.Nil,
            Subkeys = CellStore.Nil,
            VolatileSubkeys = CellStore.Nil,
            Values = CellStore.Nil,
            Security = securityAt,
            Class = CellStore.Nil,
            NameLength = (ushort)RootName.Length,
        };
        Encoding.ASCII.GetBytes(RootName).CopyTo(root.Name);
        cell = bin[(securityAt + CellStore.CellHeaderSize)..];
        SecurityNode.WriteSignature(cell);
        var security = new SecurityNode(cell) { Next = securityAt, Previous = securityAt, References = 1, Length = Security.Length };
        Security.CopyTo(security.Descriptor);
        return file;
    }

    private static int WriteSize(Span<byte> bin, int at, int content)
    {
        var size = (content + CellStore.CellHeaderSize + CellStore.Alignment - 1) / CellStore.Alignment * CellStore.Alignment;
        Set(bin, at, -size);
        return size;
    }

    private static void Set(Span<byte> bytes, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], value);
}
