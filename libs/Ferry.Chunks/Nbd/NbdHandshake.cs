using System.Buffers.Binary;
using System.Text;
using Ferry.Chunks.Disks;

namespace Ferry.Chunks.Nbd;

/// <summary>The fixed newstyle negotiation (doc/proto.md, "Handshake phase").</summary>
internal sealed class NbdHandshake(NbdStream stream, IBlockDevice device, string exportName)
{
    private const int MaxOptionLength = 16 << 10;
    private bool noZeroes;

    /// <summary>Whether the client asked for structured replies.</summary>
    public bool StructuredReplies { get; private set; }

    /// <summary>Whether the client asked for <c>base:allocation</c>.</summary>
    public bool AllocationContext { get; private set; }

    /// <summary>Negotiates.</summary>
    /// <returns>Whether the transmission begins; else the client has left or broke the protocol.</returns>
    public async ValueTask<bool> RunAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[18];
        BinaryPrimitives.WriteUInt64BigEndian(buffer, NbdConstants.InitMagic);
        BinaryPrimitives.WriteUInt64BigEndian(buffer.AsSpan(8), NbdConstants.OptionMagic);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(16), NbdConstants.FlagFixedNewstyle | NbdConstants.FlagNoZeroes);
        await stream.SendAsync(buffer, cancellationToken);
        await stream.ReadAsync(buffer.AsMemory(0, 4), cancellationToken);
        uint clientFlags = BinaryPrimitives.ReadUInt32BigEndian(buffer);
        if ((clientFlags & ~(uint)(NbdConstants.FlagFixedNewstyle | NbdConstants.FlagNoZeroes)) != 0 || (clientFlags & NbdConstants.FlagFixedNewstyle) == 0)
        {
            return false;
        }

        noZeroes = (clientFlags & NbdConstants.FlagNoZeroes) != 0;
        while (true)
        {
            await stream.ReadAsync(buffer.AsMemory(0, 16), cancellationToken);
            var option = (NbdOption)BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(8));
            uint length = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(12));
            if (BinaryPrimitives.ReadUInt64BigEndian(buffer) != NbdConstants.OptionMagic || length > MaxOptionLength)
            {
                return false;
            }

            byte[] data = new byte[length];
            await stream.ReadAsync(data, cancellationToken);
            switch (option)
            {
                case NbdOption.ExportName:
                    if (!IsOurs(data))
                    {
                        return false;
                    }

                    await SendExportAsync(cancellationToken);
                    return true;
                case NbdOption.Abort:
                    await stream.SendOptionReplyAsync(option, NbdConstants.ReplyAck, [], cancellationToken);
                    return false;
                case NbdOption.Go or NbdOption.Info:
                    if (await InfoAsync(option, data, cancellationToken) && option == NbdOption.Go)
                    {
                        return true;
                    }

                    break;
                default:
                    await AnswerAsync(option, data, cancellationToken);
                    break;
            }
        }
    }

    private async ValueTask AnswerAsync(NbdOption option, byte[] data, CancellationToken cancellationToken)
    {
        switch (option)
        {
            case NbdOption.List when data.Length == 0:
                byte[] name = Encoding.UTF8.GetBytes(exportName);
                byte[] entry = new byte[4 + name.Length];
                BinaryPrimitives.WriteInt32BigEndian(entry, name.Length);
                name.CopyTo(entry, 4);
                await stream.SendOptionReplyAsync(option, NbdConstants.ReplyServer, entry, cancellationToken);
                await stream.SendOptionReplyAsync(option, NbdConstants.ReplyAck, [], cancellationToken);
                break;
            case NbdOption.StructuredReply when data.Length == 0:
                StructuredReplies = true;
                await stream.SendOptionReplyAsync(option, NbdConstants.ReplyAck, [], cancellationToken);
                break;
            case NbdOption.ListMetaContext or NbdOption.SetMetaContext:
                await MetaContextAsync(option, data, cancellationToken);
                break;
            case NbdOption.List or NbdOption.StructuredReply:
                await stream.SendOptionReplyAsync(option, NbdConstants.ReplyErrorInvalid, "no data belongs here"u8, cancellationToken);
                break;
            default:
                await stream.SendOptionReplyAsync(option, NbdConstants.ReplyErrorUnsupported, [], cancellationToken);
                break;
        }
    }

    private async ValueTask<bool> InfoAsync(NbdOption option, byte[] data, CancellationToken cancellationToken)
    {
        // 0 length of the name, 4 name, then a 16-bit number of requests and the requests.
        if (!TryReadText(data, 0, out int end) || data.Length < end + 2 || data.Length != end + 2 + (2 * BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(end))))
        {
            await stream.SendOptionReplyAsync(option, NbdConstants.ReplyErrorInvalid, "malformed"u8, cancellationToken);
            return false;
        }

        if (!IsOurs(data.AsSpan(4, end - 4)))
        {
            await stream.SendOptionReplyAsync(option, NbdConstants.ReplyErrorUnknown, "no such export"u8, cancellationToken);
            return false;
        }

        byte[] export = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(export, NbdConstants.InfoExport);
        BinaryPrimitives.WriteInt64BigEndian(export.AsSpan(2), device.Size);
        BinaryPrimitives.WriteUInt16BigEndian(export.AsSpan(10), TransmissionFlags());
        await stream.SendOptionReplyAsync(option, NbdConstants.ReplyInfo, export, cancellationToken);
        byte[] blockSize = new byte[14];
        BinaryPrimitives.WriteUInt16BigEndian(blockSize, NbdConstants.InfoBlockSize);
        BinaryPrimitives.WriteInt32BigEndian(blockSize.AsSpan(2), 1);
        BinaryPrimitives.WriteInt32BigEndian(blockSize.AsSpan(6), Math.Max(4096, device.PreferredBlockSize));
        BinaryPrimitives.WriteInt32BigEndian(blockSize.AsSpan(10), NbdConnection.MaxRequestLength);
        await stream.SendOptionReplyAsync(option, NbdConstants.ReplyInfo, blockSize, cancellationToken);
        await stream.SendOptionReplyAsync(option, NbdConstants.ReplyAck, [], cancellationToken);
        return true;
    }

    private async ValueTask MetaContextAsync(NbdOption option, byte[] data, CancellationToken cancellationToken)
    {
        if (!StructuredReplies || !TryReadText(data, 0, out int end) || !TryReadQueries(data, end, option == NbdOption.ListMetaContext, out bool wanted))
        {
            await stream.SendOptionReplyAsync(option, NbdConstants.ReplyErrorInvalid, "malformed"u8, cancellationToken);
            return;
        }

        if (!IsOurs(data.AsSpan(4, end - 4)))
        {
            await stream.SendOptionReplyAsync(option, NbdConstants.ReplyErrorUnknown, "no such export"u8, cancellationToken);
            return;
        }

        if (option == NbdOption.SetMetaContext)
        {
            AllocationContext = wanted;
        }

        if (wanted)
        {
            byte[] context = new byte[4 + NbdConstants.AllocationContext.Length];
            BinaryPrimitives.WriteUInt32BigEndian(context, option == NbdOption.SetMetaContext ? NbdConstants.AllocationContextId : 0);
            Encoding.ASCII.GetBytes(NbdConstants.AllocationContext, context.AsSpan(4));
            await stream.SendOptionReplyAsync(option, NbdConstants.ReplyMetaContext, context, cancellationToken);
        }

        await stream.SendOptionReplyAsync(option, NbdConstants.ReplyAck, [], cancellationToken);
    }

    private static bool TryReadQueries(byte[] data, int offset, bool list, out bool wanted)
    {
        wanted = false;
        if (data.Length < offset + 4)
        {
            return false;
        }

        uint queries = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(offset));
        wanted = list && queries == 0;
        offset += 4;
        for (uint i = 0; i < queries; i++)
        {
            if (!TryReadText(data, offset, out int end))
            {
                return false;
            }

            ReadOnlySpan<byte> query = data.AsSpan(offset + 4, end - offset - 4);
            wanted |= query.SequenceEqual("base:allocation"u8) || (list && query.SequenceEqual("base:"u8));
            offset = end;
        }

        return offset == data.Length;
    }

    private static bool TryReadText(byte[] data, int offset, out int end)
    {
        end = 0;
        if (data.Length < offset + 4 || BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(offset)) > data.Length - offset - 4)
        {
            return false;
        }

        end = offset + 4 + BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(offset));
        return true;
    }

    private async ValueTask SendExportAsync(CancellationToken cancellationToken)
    {
        byte[] export = new byte[noZeroes ? 10 : 134];
        BinaryPrimitives.WriteInt64BigEndian(export, device.Size);
        BinaryPrimitives.WriteUInt16BigEndian(export.AsSpan(8), TransmissionFlags());
        await stream.SendAsync(export, cancellationToken);
    }

    private bool IsOurs(ReadOnlySpan<byte> name) => name.IsEmpty || name.SequenceEqual(Encoding.UTF8.GetBytes(exportName));

    private ushort TransmissionFlags() => (ushort)(
        NbdConstants.TransmissionHasFlags | NbdConstants.TransmissionSendFlush | NbdConstants.TransmissionSendFua | NbdConstants.TransmissionCanMultiConn
        | (StructuredReplies ? NbdConstants.TransmissionSendDf : 0)
        | (device.ReadOnly ? NbdConstants.TransmissionReadOnly : NbdConstants.TransmissionSendTrim | NbdConstants.TransmissionSendWriteZeroes));
}
