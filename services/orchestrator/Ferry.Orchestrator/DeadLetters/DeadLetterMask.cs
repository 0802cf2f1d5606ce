using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ferry.Orchestrator.DeadLetters;

/// <summary>
/// Masks what could be a credential before a message is shown. Messages hold references and never secrets; this is for the one that somebody has put into a URL or
/// under a telling name in spite of that.
/// </summary>
public static class DeadLetterMask
{
    private const string Masked = "***";
    private static readonly string[] Telling = ["password", "secret", "token", "credential", "apikey", "authorization"];

    /// <summary>The message with values of telling names, and user information and queries of URLs, masked.</summary>
    public static string Of(string body)
    {
        var node = JsonNode.Parse(body);
        return ((JsonNode?)Mask(node) ?? node)?.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) ?? "null";
    }

    // The replacement of a node, or null when it stays (its children may have changed).
    private static JsonValue? Mask(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields.ToArray())
                {
                    if (Telling.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))
                    {
                        fields[name] = Masked;
                    }
                    else if (Mask(value) is { } replacement)
                    {
                        fields[name] = replacement;
                    }
                }

                return null;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (Mask(items[i]) is { } replacement)
                    {
                        items[i] = replacement;
                    }
                }

                return null;
            case JsonValue value when value.TryGetValue<string>(out var text) && MaskUrl(text) is { } masked:
                return JsonValue.Create(masked);
            default:
                return null;
        }
    }

    private static string? MaskUrl(string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal) || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.UserInfo.Length == 0 && uri.Query.Length == 0))
        {
            return null;
        }

        var host = $"{uri.Scheme}://{(uri.UserInfo.Length == 0 ? "" : Masked + "@")}{uri.Authority}";
        return host + uri.AbsolutePath + (uri.Query.Length == 0 ? "" : "?" + Masked);
    }
}
