namespace Ferry.Conversion.Publishing;

/// <summary>A file on its way from staging to the output folder.</summary>
/// <param name="Name">Its name in both.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Content">Its bytes when they are known, else null: an image.</param>
public sealed record PublishedFile(string Name, long Length, ReadOnlyMemory<byte>? Content)
{
    /// <summary>Moves the file; does nothing when it has arrived. Never overwrites a file of somebody else.</summary>
    public void Move(string staging, string output)
    {
        var (from, to) = (Path.Combine(staging, Name), Path.Combine(output, Name));
        var arrived = File.Exists(to);
        if (!File.Exists(from))
        {
            if (!arrived || !IsOurs(to))
            {
                throw ConversionFailures.Create(
                    ConversionErrors.PublishMissing, $"'{Name}' is neither in the staging folder nor, as it was written, in the output folder.", to,
                    "Somebody removed or changed it; convert again.");
            }

            return;
        }

        if (arrived)
        {
            throw ConversionFailures.Create(
                ConversionErrors.OutputExists, $"The output folder holds another '{Name}'.", to,
                "Move it away and try again; the converted disks wait in the staging folder.");
        }

        File.Move(from, to, overwrite: false);
    }

    /// <summary>Whether the file in the output folder is the one that was staged: by content when that is known, else by length.</summary>
    public bool IsOurs(string path) =>
        new FileInfo(path).Length == Length && (Content is not { } content || File.ReadAllBytes(path).AsSpan().SequenceEqual(content.Span));
}
