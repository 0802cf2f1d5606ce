namespace Ferry.DiskImages.Vmdk;

/// <summary>What the comment <c># Ferry DISK WRITING CONTENT</c> of a descriptor says, which Ferry writes and other programs ignore.</summary>
/// <param name="DiskId">Identity of the disk; content id and uuid of the descriptor come from it.</param>
/// <param name="Digest">Digest of the plan or delta that was last written; null: the image was written in one pass.</param>
/// <param name="ContentId">What the image holds, when that was said.</param>
internal sealed record VmdkWriting(Guid DiskId, string? Digest = null, string? ContentId = null)
{
    private const string Mark = "# Ferry ";

    /// <summary>Reads the comment; null when the line is none.</summary>
    internal static VmdkWriting? TryParse(ReadOnlySpan<char> line)
    {
        if (!line.StartsWith(Mark, StringComparison.Ordinal))
        {
            return null;
        }

        var words = line[Mark.Length..].ToString().Split(' ');
        return words.Length <= 3 && Guid.TryParseExact(words[0], "D", out var diskId) && words.Skip(1).All(Writing.ImageRecord.IsId)
            ? new VmdkWriting(diskId, words.ElementAtOrDefault(1), words.ElementAtOrDefault(2))
            : null;
    }

    /// <summary>The comment of a whole descriptor.</summary>
    internal static VmdkWriting? Find(string descriptor)
    {
        foreach (var line in descriptor.AsSpan().EnumerateLines())
        {
            if (TryParse(line) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', new[] { $"{Mark}{DiskId:D}", Digest, ContentId }.OfType<string>());
}
