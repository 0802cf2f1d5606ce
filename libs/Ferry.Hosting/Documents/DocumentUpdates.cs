namespace Ferry.Hosting.Documents;

/// <summary>Checks that both stores make before they write.</summary>
internal static class DocumentUpdates
{
    /// <summary>Refuses updates of the id or the version, of one field twice, and of nothing.</summary>
    public static void Validate(DocumentUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in update.Sets.Select(s => s.Field).Concat(update.Increments.Select(i => i.Field)))
        {
            if (DocumentNames.Field(field) is "id" or "version")
            {
                throw new ArgumentException($"The field {field} is the store's own.", nameof(update));
            }

            if (!seen.Add(field))
            {
                throw new ArgumentException($"The update changes the field {field} twice.", nameof(update));
            }
        }

        if (seen.Count == 0)
        {
            throw new ArgumentException("The update changes nothing.", nameof(update));
        }
    }

    /// <summary>Refuses skip and limit where they would mean something else than the caller thinks.</summary>
    public static void RefuseWindow(DocumentQuery query, string operation)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.SkipCount != 0 || query.LimitCount != 0)
        {
            throw new ArgumentException($"{operation} takes no skip and no limit.", nameof(query));
        }
    }
}
