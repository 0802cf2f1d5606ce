using Ferry.Contracts.Conversion;
using Ferry.Conversion.Output;
using Ferry.Conversion.Targets;

namespace Ferry.Conversion.Publishing;

/// <summary>What a machine's publishing moves, in order.</summary>
public static class PublishedFiles
{
    /// <summary>The images in the machine's order, then the definition in its own.</summary>
    public static IReadOnlyList<PublishedFile> Of(PublishMachine command, IReadOnlyList<DefinitionFile> definition)
    {
        ArgumentNullException.ThrowIfNull(command);
        PublishedFile[] files =
        [
            .. command.Disks.OrderBy(disk => disk.Disk).Select(disk => new PublishedFile(disk.Image, disk.ImageBytes, null)),
            .. definition.Select(file => new PublishedFile(file.Name, file.Content.Length, file.Content)),
        ];
        foreach (var file in files)
        {
            if (file.Name.Length == 0 || file.Name.StartsWith('.') || Path.GetFileName(file.Name) != file.Name)
            {
                throw ConversionFailures.Create(ConversionErrors.PublishMissing, $"'{file.Name}' is not the name of a file.", file.Name, "Convert again.");
            }
        }

        return files;
    }

    /// <summary>Writes the definition's files that have not arrived yet into staging, durably.</summary>
    public static void StageDefinition(IReadOnlyList<DefinitionFile> definition, string staging, string output)
    {
        ArgumentNullException.ThrowIfNull(definition);
        foreach (var file in definition)
        {
            var target = Path.Combine(output, file.Name);
            if (File.Exists(target) && new PublishedFile(file.Name, file.Content.Length, file.Content).IsOurs(target))
            {
                continue;
            }

            Directory.CreateDirectory(staging);
            FolderSync.WriteDurably(Path.Combine(staging, file.Name), file.Content.Span);
        }

        if (Directory.Exists(staging))
        {
            FolderSync.Sync(staging);
        }
    }
}
