using System.Buffers.Binary;
using System.Text.Json;

namespace Ferry.Fixup.Appliance;

/// <summary>
/// One message between parent and guest worker: two big-endian lengths, a JSON header and a binary payload. The same shape goes both ways; calls are strictly sequential.
/// </summary>
internal sealed record WorkerFrame
{
    /// <summary>Longest header.</summary>
    public const int MaximumHeader = 16 * 1024 * 1024;

    /// <summary>Longest payload.</summary>
    public const int MaximumPayload = 1024 * 1024 * 1024;

    private const int PrefixSize = 8;

    /// <summary>Operation (request), or empty.</summary>
    public string Operation { get; init; } = "";

    /// <summary>Arguments (request) or results (answer).</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Why the call failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Error number of the failed call.</summary>
    public int Errno { get; init; }

    /// <summary>Binary payload.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Reads one frame; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The bytes are no frame.</exception>
    public static async Task<WorkerFrame?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var prefix = new byte[PrefixSize];
        var read = await stream.ReadAtLeastAsync(prefix, PrefixSize, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return null;
        }

        var headerLength = BinaryPrimitives.ReadInt32BigEndian(prefix);
        var payloadLength = BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(4));
        if (read < PrefixSize || headerLength is < 2 or > MaximumHeader || payloadLength is < 0 or > MaximumPayload)
        {
            throw new InvalidDataException("A frame of the guest worker has impossible lengths.");
        }

        var header = new byte[headerLength];
        await stream.ReadExactlyAsync(header, cancellationToken);
        var payload = payloadLength == 0 ? [] : new byte[payloadLength];
        await stream.ReadExactlyAsync(payload, cancellationToken);
        try
        {
            var frame = JsonSerializer.Deserialize<WorkerFrame>(header) ?? throw new InvalidDataException("A frame of the guest worker has no header.");
            return frame with { Payload = payload };
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("A frame of the guest worker has no valid header.", e);
        }
    }

    /// <summary>Writes the frame.</summary>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(this);
        var prefix = new byte[PrefixSize];
        BinaryPrimitives.WriteInt32BigEndian(prefix, header.Length);
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(4), Payload.Length);
        await stream.WriteAsync(prefix, cancellationToken);
        await stream.WriteAsync(header, cancellationToken);
        await stream.WriteAsync(Payload, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }
}
