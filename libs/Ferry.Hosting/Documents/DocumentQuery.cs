namespace Ferry.Hosting.Documents;

/// <summary>Which documents, in which order. Immutable; each call returns a new query.</summary>
public sealed record DocumentQuery
{
    /// <summary>Every document.</summary>
    public static readonly DocumentQuery All = new();

    /// <summary>Conditions, all of which must hold.</summary>
    public IReadOnlyList<FieldCondition> Conditions { get; init; } = [];

    /// <summary>Fields to order by; the id decides between equals.</summary>
    public IReadOnlyList<(string Field, bool Descending)> Order { get; init; } = [];

    /// <summary>Documents to pass over.</summary>
    public int SkipCount { get; init; }

    /// <summary>Most documents to return; 0 for all.</summary>
    public int LimitCount { get; init; }

    /// <summary>A query for a field that equals a value.</summary>
    public static DocumentQuery Where(string field, object? value) => All.And(field, value);

    /// <summary>A query for a field that compares with a value.</summary>
    public static DocumentQuery Where(string field, Comparison comparison, object? value) => All.And(field, comparison, value);

    /// <summary>Adds an equality.</summary>
    public DocumentQuery And(string field, object? value) => And(field, Comparison.Equal, value);

    /// <summary>Adds a comparison.</summary>
    public DocumentQuery And(string field, Comparison comparison, object? value) =>
        this with { Conditions = [.. Conditions, new FieldCondition(field, comparison, value)] };

    /// <summary>Adds an ascending order.</summary>
    public DocumentQuery OrderBy(string field) => this with { Order = [.. Order, (field, false)] };

    /// <summary>Adds a descending order.</summary>
    public DocumentQuery OrderByDescending(string field) => this with { Order = [.. Order, (field, true)] };

    /// <summary>Passes over the first documents.</summary>
    public DocumentQuery Skip(int count) => this with { SkipCount = count };

    /// <summary>Limits the result.</summary>
    public DocumentQuery Limit(int count) => this with { LimitCount = count };
}
