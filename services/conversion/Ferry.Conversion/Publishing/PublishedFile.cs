namespace Ferry.Conversion.Publishing;

/// <summary>A file on its way from staging to the output folder.</summary>
/// <param name="Name">Its name in both.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Content">Its bytes when they are known, else null: an image.</param>
public sealed record PublishedFile(string Name, long Length, ReadOnlyMemory<byte>? Content)
{
    /// <summary>Kind of such a file in the ledger.</summary>
    public const string Kind = "published-file";

    /// <summary>Refuses to go on where the output folder holds a file of somebody else: it is never overwritten. To be asked of all files before the first one moves.</summary>
    public void RefuseForeign(string staging, string output)
    {
        var to = Path.Combine(output, Name);
        if (File.Exists(to) && File.Exists(Path.Combine(staging, Name)))
        {
            throw ConversionFailures.Create(
                ConversionErrors.OutputExists, $"The output folder holds another '{Name}'.", to, "Move it away, or choose another output folder; then convert again.");
        }
    }

    /// <summary>Moves the file; does nothing when it has arrived.</summary>
    public void Move(string staging, string output)
    {
        RefuseForeign(staging, output);
        var (from, to) = (Path.Combine(staging, Name), Path.Combine(output, Name));
        if (File.Exists(from))
        {
            File.Move(from, to, overwrite: false);
        }
        else if (!File.Exists(to) || !IsOurs(to))
        {
            throw ConversionFailures.Create(
                ConversionErrors.PublishMissing, $"'{Name}' is neither in the staging folder nor, as it was written, in the output folder.", to,
                "Somebody removed or changed it; convert again.");
        }
    }

    /// <summary>Whether the file in the output folder is the one that was staged: by content when that is known, else by length.</summary>
    public bool IsOurs(string path) =>
        new FileInfo(path).Length == Length && (Content is not { } content || File.ReadAllBytes(path).AsSpan().SequenceEqual(content.Span));
}
