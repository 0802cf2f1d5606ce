using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Ferry.Fixup.Rehearsal.Qemu;

/// <summary>Reads JSON documents, one a line, of bounded length from a stream. One reader at a time.</summary>
internal sealed class JsonLines(Stream stream) : IAsyncDisposable
{
    /// <summary>Longest line in bytes.</summary>
    public const int LongestLine = 1 << 20;

    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>The next document; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">A line is too long or no JSON.</exception>
    /// <exception cref="IOException">The stream broke.</exception>
    public async Task<JsonElement?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await _reader.ReadAsync(cancellationToken);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = result.Buffer.Slice(0, end);
                var document = line.IsEmpty || (line.Length == 1 && line.FirstSpan[0] == '\r') ? null : (JsonElement?)Parse(line);
                _reader.AdvanceTo(result.Buffer.GetPosition(1, end));
                if (document is not null)
                {
                    return document;
                }

                continue;
            }

            if (result.Buffer.Length > LongestLine)
            {
                throw new InvalidDataException("A line is longer than allowed.");
            }

            _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted)
            {
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _reader.CompleteAsync();

    private static JsonElement Parse(ReadOnlySequence<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("A line is no JSON.", e);
        }
    }
}
