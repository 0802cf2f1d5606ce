namespace Ferry.Hosting.Documents;

/// <summary>One condition on a top-level field.</summary>
/// <param name="Field">Name as in the JSON (camel case), or <c>id</c> or <c>version</c>.</param>
/// <param name="Comparison">How.</param>
/// <param name="Value">String, bool, int, long, double, enum, Guid, DateTimeOffset, null; for <see cref="Comparison.In"/> an array of these.</param>
public readonly record struct FieldCondition(string Field, Comparison Comparison, object? Value);
