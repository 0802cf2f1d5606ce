using System.Buffers.Binary;

namespace Ferry.Chunks.Nbd;

/// <summary>The headers of replies (doc/proto.md, "Simple reply message", "Structured reply chunk message"), big-endian.</summary>
internal static class NbdReply
{
    /// <summary>0 magic, 4 error, 8 cookie.</summary>
    public const int SimpleSize = 16;

    /// <summary>0 magic, 4 flags, 6 type, 8 cookie, 16 length.</summary>
    public const int StructuredSize = 20;

    /// <summary>A structured header and the offset of the data.</summary>
    public const int OffsetDataSize = StructuredSize + 8;

    public static void WriteSimple(Span<byte> destination, uint error, ulong cookie)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, NbdConstants.SimpleReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], error);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], cookie);
    }

    public static void WriteStructured(Span<byte> destination, ushort type, ulong cookie, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, NbdConstants.StructuredReplyMagic);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], NbdConstants.StructuredDone);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], type);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], cookie);
        BinaryPrimitives.WriteInt32BigEndian(destination[16..], length);
    }

    /// <summary>The answer without data: an error number, or 0.</summary>
    public static byte[] Status(bool structured, uint error, ulong cookie)
    {
        byte[] reply = new byte[structured ? StructuredSize + (error == 0 ? 0 : 6) : SimpleSize];
        if (!structured)
        {
            WriteSimple(reply, error, cookie);
        }
        else if (error == 0)
        {
            WriteStructured(reply, NbdConstants.StructuredNone, cookie, 0);
        }
        else
        {
            WriteStructured(reply, NbdConstants.StructuredError, cookie, 6);
            BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(StructuredSize), error);
        }

        return reply;
    }
}
