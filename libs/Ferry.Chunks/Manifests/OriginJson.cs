using System.Globalization;
using System.Text;
using System.Text.Json;
using Ferry.Chunks.Store;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Chunks.Manifests;

/// <summary>
/// The origin as canonical JSON: properties in the order of the alphabet, no white space, absent instead of null, only <c>"</c>, <c>\</c> and control
/// characters escaped. Same origin, same bytes; any other form is refused when read.
/// </summary>
internal static class OriginJson
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes of an origin.</summary>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.BadManifest"/>: a name is no valid text.</exception>
    public static byte[] Write(ManifestOrigin origin)
    {
        var text = new StringBuilder("{\"format\":");
        Append(text, origin.Format.ToString().ToLowerInvariant());
        Append(text.Append(",\"image\":"), origin.Image);
        Append(text.Append(",\"location\":"), origin.Location);
        text.Append(",\"pins\":[");
        for (int i = 0; i < origin.Pins.Count; i++)
        {
            Append(i == 0 ? text : text.Append(','), origin.Pins[i]);
        }

        text.Append("]}");
        try
        {
            return Utf8.GetBytes(text.ToString());
        }
        catch (EncoderFallbackException e)
        {
            throw new ChunkStoreException(ChunkStoreErrors.BadManifest, "A file name of the origin is no valid Unicode. Rename the file.", origin.Location, e);
        }
    }

    /// <summary>Reads an origin.</summary>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.BadManifest"/>.</exception>
    public static ManifestOrigin Read(ReadOnlySpan<byte> bytes, ChunkId manifest)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes.ToArray(), new JsonDocumentOptions { MaxDepth = 4 });
            JsonElement root = document.RootElement;
            var origin = new ManifestOrigin
            {
                Format = Enum.Parse<DiskImageFormat>(Text(root, "format"), ignoreCase: true),
                Image = Text(root, "image"),
                Location = Text(root, "location"),
                Pins = [.. root.GetProperty("pins").EnumerateArray().Select(ReadPin)],
            };
            if (Enum.IsDefined(origin.Format) && bytes.SequenceEqual(Write(origin)))
            {
                return origin;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException or OverflowException)
        {
            throw Bad(manifest, e);
        }

        throw Bad(manifest, null);
    }

    private static ChunkStoreException Bad(ChunkId manifest, Exception? cause) =>
        new(ChunkStoreErrors.BadManifest, "The manifest's origin is not in its canonical form.", manifest.ToString(), cause);

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() ?? throw new JsonException($"{name} is null.");

    private static SourcePin ReadPin(JsonElement pin) => new()
    {
        ETag = pin.TryGetProperty("etag", out JsonElement tag) ? tag.GetString() : null,
        Inode = pin.TryGetProperty("inode", out JsonElement inode) ? inode.GetUInt64() : null,
        Length = pin.GetProperty("length").GetInt64(),
        ModifiedTicks = pin.TryGetProperty("modified", out JsonElement modified) ? modified.GetInt64() : null,
        Name = Text(pin, "name"),
    };

    private static void Append(StringBuilder text, SourcePin pin)
    {
        text.Append('{');
        if (pin.ETag is not null)
        {
            Append(text.Append("\"etag\":"), pin.ETag);
            text.Append(',');
        }

        if (pin.Inode is { } inode)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"inode\":{inode},");
        }

        text.Append(CultureInfo.InvariantCulture, $"\"length\":{pin.Length},");
        if (pin.ModifiedTicks is { } modified)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"modified\":{modified},");
        }

        Append(text.Append("\"name\":"), pin.Name);
        text.Append('}');
    }

    private static void Append(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\')
            {
                text.Append('\\').Append(c);
            }
            else if (c < ' ')
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                text.Append(c);
            }
        }

        text.Append('"');
    }
}
