using System.Text.Json;
using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Embedded;

/// <summary>Whether two requests ask for the same; lists in them make the records' own comparison one of references.</summary>
internal static class SameRequest
{
    public static bool Is(ConversionRequest one, ConversionRequest other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);
}
