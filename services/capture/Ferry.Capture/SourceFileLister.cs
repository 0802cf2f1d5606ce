using System.Globalization;
using Ferry.Capture.Sources;
using Ferry.Capture.Sources.Vmware;
using Ferry.Contracts.Library;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Ferry.Hosting.Library;
using Microsoft.Extensions.Options;

namespace Ferry.Capture;

/// <summary>
/// Finds every file that a machine's source consists of: the descriptor, what belongs to it, and of each disk all extents and those of the images below it. Opens all of them as a
/// capture would, so that what cannot be captured is not listed; reads metadata only. Files in the descriptor's folder are found, none elsewhere.
/// </summary>
public sealed class SourceFileLister(SourceGuard guard, IOptions<SourcesOptions> options)
{
    /// <summary>Most files of one machine.</summary>
    public const int MostFiles = 2000;

    /// <summary>Lists the files, the descriptor first.</summary>
    /// <param name="source">Path or URL.</param>
    /// <param name="format">Format of a bare disk image, or null.</param>
    /// <param name="credential">Name of the credential of the source's host, or null for the one that is set for it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SourceException">The source cannot be captured.</exception>
    public async Task<IReadOnlyList<SourceFile>> ListAsync(string source, string? format, string? credential, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (LibraryName.IsReference(source))
        {
            throw SourceException.Of(SourceErrors.Forbidden, "The source is in the library already.", SourceText.Quote(source), "Name a machine that is elsewhere.");
        }

        using var client = SourceClient.Create(options.Value, credential);
        var place = await guard.ResolveAsync(source);
        await using var opened = await new SourceSelector(guard, client).OpenAsync(source, format, cancellationToken);
        var needed = new List<string> { place.Name };
        await using (var disks = await OpenedDisks.OpenAsync(opened, cancellationToken))
        {
            // An OVA's disks are in the archive itself.
            needed.AddRange(opened.Kind == SourceKind.Ova ? [] : disks.Readers.SelectMany(disk => disk.Info.Files));
        }

        await using IImageFiles folder = place.Remote ? new HttpImageFiles(new Uri(place.Location), client) : new LocalImageFiles(place.Location);
        try
        {
            var found = new List<SourceFile>();
            foreach (var name in needed.Distinct(StringComparer.Ordinal))
            {
                found.Add(await DescribeAsync(place, folder, name, cancellationToken));
            }

            foreach (var name in (await CompanionsAsync(opened, place, folder, cancellationToken)).Except(needed, StringComparer.Ordinal).Distinct(StringComparer.Ordinal))
            {
                if (await SourceFiles.ExistsAsync(folder, name, cancellationToken))
                {
                    found.Add(await DescribeAsync(place, folder, name, cancellationToken));
                }
            }

            return found.Count <= MostFiles ? found : throw SourceException.Of(
                SourceErrors.TooManyFiles, string.Create(CultureInfo.InvariantCulture, $"The machine has {found.Count} files; the library takes {MostFiles} at most."),
                SourceText.Quote(place.Name), "Export the machine to an OVF package first.");
        }
        catch (DiskImageException exception)
        {
            throw SourceFailures.From(exception, place);
        }
    }

    // What no disk needs and belongs to the machine nevertheless: nobody misses it when it is not there.
    private static async Task<IReadOnlyList<string>> CompanionsAsync(OpenedSource opened, SourcePlace place, IImageFiles folder, CancellationToken cancellationToken)
    {
        var stem = SourceText.BaseName(place.Name);
        switch (opened.Kind)
        {
            case SourceKind.Vmx:
                var vmx = VmxDocument.Parse(await SourceFiles.ReadAsync(folder, place.Name, VmxDocument.MaximumBytes, cancellationToken), place.Name);
                var nvram = vmx["nvram"]?.Trim() is { Length: > 0 } named ? DescriptorReference.Require(named, $"{place.Name}, key nvram") : stem + ".nvram";
                return [nvram, stem + ".vmsd", stem + ".vmxf"];
            case SourceKind.Ovf:
                return [stem + ".mf", stem + ".cert"];
            default:
                return [];
        }
    }

    private static async Task<SourceFile> DescribeAsync(SourcePlace place, IImageFiles folder, string name, CancellationToken cancellationToken)
    {
        DescriptorReference.Require(name, place.Name);
        await using var file = await folder.OpenAsync(name, cancellationToken);
        var pin = file.Pin;
        return new SourceFile
        {
            Name = name,
            Location = (place with { Name = name }).Full,
            Size = pin.Length,
            ETag = pin.ETag,
            ModifiedTicks = pin.ModifiedTicks,
            Inode = pin.Inode,
        };
    }
}
