using System.Text.RegularExpressions;

namespace Ferry.Hosting.Documents;

/// <summary>Which names of fields and collections are allowed; they stand in statements, so anything else is refused.</summary>
internal static partial class DocumentNames
{
    /// <summary>The field, or <see cref="ArgumentException"/>.</summary>
    public static string Field(string field) => field is not null && FieldPattern().IsMatch(field)
        ? field
        : throw new ArgumentException($"'{Shown(field)}' is not the name of a field: a letter and then letters and digits are.", nameof(field));

    /// <summary>The collection's definition, or <see cref="ArgumentException"/>.</summary>
    public static CollectionDefinition Collection(CollectionDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (!CollectionPattern().IsMatch(definition.Name))
        {
            throw new ArgumentException($"'{Shown(definition.Name)}' is not the name of a collection: lower-case words with dots between are.", nameof(definition));
        }

        foreach (var index in definition.Indexes)
        {
            if (index.Count == 0)
            {
                throw new ArgumentException($"An index of {definition.Name} has no field.", nameof(definition));
            }

            foreach (var field in index)
            {
                Field(field);
            }
        }

        return definition;
    }

    private static string Shown(string? name) => name is null ? "null" : name.Length <= 80 ? name : string.Concat(name.AsSpan(0, 80), "...");

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex FieldPattern();

    [GeneratedRegex("^(?=.{1,100}\\z)[a-z][a-z0-9]*([.-][a-z0-9]+)*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex CollectionPattern();
}
