using System.Buffers.Binary;

namespace Ferry.Chunks.Nbd;

/// <summary>A request's header (doc/proto.md, "Request message"): 0 magic, 4 flags, 6 type, 8 cookie, 16 offset, 24 length; big-endian.</summary>
internal readonly record struct NbdRequest(ushort Flags, ushort Type, ulong Cookie, ulong Offset, uint Length)
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 28;

    /// <summary>The command.</summary>
    public NbdCommand Command => (NbdCommand)Type;

    /// <summary>Reads a header; false when it does not begin with the magic.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out NbdRequest request)
    {
        request = new NbdRequest(
            BinaryPrimitives.ReadUInt16BigEndian(source[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(source[6..]),
            BinaryPrimitives.ReadUInt64BigEndian(source[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(source[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[24..]));
        return BinaryPrimitives.ReadUInt32BigEndian(source) == NbdConstants.RequestMagic;
    }
}
