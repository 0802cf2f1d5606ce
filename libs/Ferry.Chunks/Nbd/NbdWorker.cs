using System.Buffers.Binary;
using Ferry.Chunks.Disks;
using Ferry.Chunks.Store;
using Ferry.DiskImages;

namespace Ferry.Chunks.Nbd;

/// <summary>Carries out one request and answers it.</summary>
internal sealed class NbdWorker(NbdStream stream, IBlockDevice device, NbdServerOptions options, NbdHandshake session)
{
    private const int MaxExtents = 1024;

    /// <summary>The buffer that a request needs: the data, and room for the header of the answer before it.</summary>
    public static int BufferSize(in NbdRequest request) =>
        request.Command is NbdCommand.Read or NbdCommand.Write && request.Length <= NbdConnection.MaxRequestLength
            ? (int)request.Length + (request.Command == NbdCommand.Read ? NbdReply.OffsetDataSize : 0)
            : 0;

    /// <summary>Carries out a request.</summary>
    /// <exception cref="IOException">The answer could not be sent.</exception>
    public async Task HandleAsync(NbdRequest request, byte[] buffer, CancellationToken cancellationToken)
    {
        bool structured = session.StructuredReplies && request.Command is NbdCommand.Read or NbdCommand.BlockStatus;
        uint error = Check(request);
        ReadOnlyMemory<byte> answer = default;
        if (error == 0)
        {
            try
            {
                answer = await CarryOutAsync(request, buffer, structured, cancellationToken);
            }
            catch (Exception e)
            {
                error = ErrorOf(e);
                if (!cancellationToken.IsCancellationRequested)
                {
                    options.OnFault?.Invoke(new NbdFault(request.Command, (long)request.Offset, request.Length, e));
                }
            }
        }

        await stream.SendAsync(answer.IsEmpty ? NbdReply.Status(structured, error, request.Cookie) : answer, cancellationToken);
    }

    private static uint ErrorOf(Exception exception) => exception switch
    {
        ChunkStoreException { Code: ChunkStoreErrors.Full } or DiskImageException { Code: DiskImageErrors.NoSpace } => NbdConstants.ErrorNoSpace,
        OperationCanceledException => NbdConstants.ErrorShutdown,
        ArgumentOutOfRangeException => NbdConstants.ErrorInvalid,
        _ => NbdConstants.ErrorInputOutput,
    };

    private uint Check(NbdRequest request)
    {
        const ushort AllowedFlags = NbdConstants.CommandFlagFua | NbdConstants.CommandFlagNoHole | NbdConstants.CommandFlagDf | NbdConstants.CommandFlagReqOne;
        bool writes = request.Command is NbdCommand.Write or NbdCommand.Trim or NbdCommand.WriteZeroes;
        bool outside = request.Offset > (ulong)device.Size || request.Length > (ulong)device.Size - request.Offset;
        if ((request.Flags & ~AllowedFlags) != 0 || !Enum.IsDefined(request.Command))
        {
            return NbdConstants.ErrorInvalid;
        }

        if (writes && device.ReadOnly)
        {
            return NbdConstants.ErrorPermission;
        }

        return request.Command switch
        {
            NbdCommand.Flush => 0,
            NbdCommand.Read when request.Length > NbdConnection.MaxRequestLength => NbdConstants.ErrorOverflow,
            NbdCommand.Write when outside => NbdConstants.ErrorNoSpace,
            NbdCommand.BlockStatus when !session.AllocationContext || request.Length == 0 => NbdConstants.ErrorInvalid,
            _ => outside ? NbdConstants.ErrorInvalid : 0,
        };
    }

    private async ValueTask<ReadOnlyMemory<byte>> CarryOutAsync(NbdRequest request, byte[] buffer, bool structured, CancellationToken cancellationToken)
    {
        long offset = (long)request.Offset;
        switch (request.Command)
        {
            case NbdCommand.Read:
                return await ReadAsync(request, buffer, structured, cancellationToken);
            case NbdCommand.BlockStatus:
                return await BlockStatusAsync(request, cancellationToken);
            case NbdCommand.Write:
                await device.WriteAsync(offset, buffer.AsMemory(0, (int)request.Length), cancellationToken);
                break;
            case NbdCommand.Trim:
                await device.TrimAsync(offset, request.Length, cancellationToken);
                break;
            case NbdCommand.WriteZeroes:
                await device.WriteZeroesAsync(offset, request.Length, cancellationToken);
                break;
            default:
                await device.FlushAsync(cancellationToken);
                break;
        }

        if ((request.Flags & NbdConstants.CommandFlagFua) != 0)
        {
            await device.FlushAsync(cancellationToken);
        }

        return default;
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(NbdRequest request, byte[] buffer, bool structured, CancellationToken cancellationToken)
    {
        int length = (int)request.Length;
        await device.ReadAsync((long)request.Offset, buffer.AsMemory(NbdReply.OffsetDataSize, length), cancellationToken);
        if (length == 0)
        {
            return default;
        }

        if (structured)
        {
            NbdReply.WriteStructured(buffer, NbdConstants.StructuredOffsetData, request.Cookie, 8 + length);
            BinaryPrimitives.WriteUInt64BigEndian(buffer.AsSpan(NbdReply.StructuredSize), request.Offset);
            return buffer.AsMemory(0, NbdReply.OffsetDataSize + length);
        }

        int start = NbdReply.OffsetDataSize - NbdReply.SimpleSize;
        NbdReply.WriteSimple(buffer.AsSpan(start), 0, request.Cookie);
        return buffer.AsMemory(start, NbdReply.SimpleSize + length);
    }

    private async ValueTask<ReadOnlyMemory<byte>> BlockStatusAsync(NbdRequest request, CancellationToken cancellationToken)
    {
        int most = (request.Flags & NbdConstants.CommandFlagReqOne) != 0 ? 1 : MaxExtents;
        byte[] reply = new byte[NbdReply.StructuredSize + 4 + (8 * Math.Min(most, MaxExtents))];
        int used = NbdReply.StructuredSize;
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(used), NbdConstants.AllocationContextId);
        used += 4;
        await foreach (DiskExtent extent in device.GetExtentsAsync((long)request.Offset, request.Length, cancellationToken))
        {
            uint state = extent.Kind switch
            {
                ExtentKind.Data => 0,
                ExtentKind.Zero => NbdConstants.StateZero,
                _ => NbdConstants.StateZero | NbdConstants.StateHole,
            };
            BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(used), (uint)extent.Length);
            BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(used + 4), state);
            used += 8;
            if (--most == 0)
            {
                break;
            }
        }

        NbdReply.WriteStructured(reply, NbdConstants.StructuredBlockStatus, request.Cookie, used - NbdReply.StructuredSize);
        return reply.AsMemory(0, used);
    }
}
