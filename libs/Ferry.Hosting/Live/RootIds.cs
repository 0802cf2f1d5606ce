using System.Text.Json;

namespace Ferry.Hosting.Live;

/// <summary>
/// Finds the root ids of manifests in a command or result. The convention of the contracts: a property whose name ends in <c>Manifest</c> or <c>Manifests</c> holds
/// root ids (64 hexadecimal digits), at any depth, and no other property does.
/// </summary>
public static class RootIds
{
    private const int Length = 64;

    /// <summary>The root ids in a message.</summary>
    public static IEnumerable<string> In(JsonElement message) => In(message, named: false);

    private static IEnumerable<string> In(JsonElement value, bool named) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => In(property.Value, IsNamed(property.Name))),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => In(item, named)),
        JsonValueKind.String when named && value.GetString() is { Length: Length } text && text.All(char.IsAsciiHexDigit) => [text],
        _ => [],
    };

    private static bool IsNamed(string name) =>
        name.EndsWith("manifest", StringComparison.OrdinalIgnoreCase) || name.EndsWith("manifests", StringComparison.OrdinalIgnoreCase);
}
