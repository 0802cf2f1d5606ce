using System.Text.Json;

namespace Ferry.Conversion.Targets.HyperV;

/// <summary>Writes <c>vm.json</c>: the definition for programs.</summary>
public static class HyperVJson
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "vm.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The document in UTF-8.</summary>
    public static byte[] Write(HyperVDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return JsonSerializer.SerializeToUtf8Bytes(definition, Options);
    }

    /// <summary>Reads a document back.</summary>
    /// <exception cref="JsonException">It is no definition.</exception>
    public static HyperVDefinition Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<HyperVDefinition>(json, Options) ?? throw new JsonException("The document is empty.");
}
