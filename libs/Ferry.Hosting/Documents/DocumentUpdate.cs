namespace Ferry.Hosting.Documents;

/// <summary>Changes to top-level fields of one document. Immutable; each call returns a new update.</summary>
public sealed record DocumentUpdate
{
    /// <summary>Fields that get a value; values as in <see cref="FieldCondition"/>, or any object that is written as JSON.</summary>
    public IReadOnlyList<(string Field, object? Value)> Sets { get; init; } = [];

    /// <summary>Integer fields that are counted up (a missing field counts from 0).</summary>
    public IReadOnlyList<(string Field, long By)> Increments { get; init; } = [];

    /// <summary>An update that sets one field.</summary>
    public static DocumentUpdate Set(string field, object? value) => new DocumentUpdate().AndSet(field, value);

    /// <summary>Adds a field to set.</summary>
    public DocumentUpdate AndSet(string field, object? value) => this with { Sets = [.. Sets, (field, value)] };

    /// <summary>Adds a field to count up.</summary>
    public DocumentUpdate AndIncrement(string field, long by) => this with { Increments = [.. Increments, (field, by)] };
}
