using System.Collections;
using System.Text.Json;

namespace Ferry.Hosting.Documents;

/// <summary>Turns values of conditions and updates into what stands in the JSON.</summary>
internal static class FieldValue
{
    /// <summary>The value as it is compared: null, <see cref="string"/>, <see cref="bool"/>, <see cref="long"/> or <see cref="double"/>.</summary>
    public static object? Scalar(object? value) => value switch
    {
        null or string or bool or long => value,
        int number => (long)number,
        DateTimeOffset time => DocumentJson.Text(time),
        Guid id => id.ToString("D"),
        DateTime => throw new ArgumentException("A DateTime has no fixed offset and no fixed width as text; use DateTimeOffset.", nameof(value)),
        _ => FromJson(value),
    };

    /// <summary>The values of <see cref="Comparison.In"/>.</summary>
    public static IReadOnlyList<object?> Scalars(object? values) => values is IEnumerable list and not string
        ? [.. list.Cast<object?>().Select(Scalar)]
        : throw new ArgumentException("In compares with an array of values.", nameof(values));

    /// <summary>The value of an update as JSON.</summary>
    public static string Json(object? value) => value is DateTime
        ? throw new ArgumentException("A DateTime has no fixed offset and no fixed width as text; use DateTimeOffset.", nameof(value))
        : JsonSerializer.Serialize(value, value?.GetType() ?? typeof(object), DocumentJson.Options);

    private static object FromJson(object value)
    {
        var json = JsonSerializer.SerializeToElement(value, value.GetType(), DocumentJson.Options);
        return json.ValueKind switch
        {
            JsonValueKind.String => json.GetString()!,
            JsonValueKind.Number => json.TryGetInt64(out var whole) ? whole : json.GetDouble(),
            _ => throw new ArgumentException($"A field cannot be compared with a {value.GetType()}.", nameof(value)),
        };
    }
}
