using Ferry.Capture.Sources.Ovf;
using Ferry.Capture.Sources.Vmware;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Ferry.Hosting.Library;

namespace Ferry.Capture.Sources;

/// <summary>The one place that selects a source: finds its kind by its content and opens it.</summary>
/// <param name="guard">Decides what may be read.</param>
/// <param name="client">The client for URLs, see <see cref="SourceClient"/>.</param>
/// <param name="library">Finds machines of the library; null where there is none.</param>
public sealed class SourceSelector(SourceGuard guard, HttpClient client, LibrarySources? library = null)
{
    /// <summary>Opens a source.</summary>
    /// <param name="source">Path or URL of a .vmx, .ovf, .ova or disk image, path of a block device, or <c>library:NAME</c>.</param>
    /// <param name="format">Format of a bare disk image (<c>raw</c>, <c>vmdk</c>, <c>vhdx</c>, <c>vhd</c>), or null to detect what the source is.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="SourceException">The source cannot be used; every failure of a disk image is one, too.</exception>
    public async Task<OpenedSource> OpenAsync(string source, string? format, CancellationToken cancellationToken)
    {
        if (LibraryName.IsReference(source))
        {
            (source, format) = (library ?? LibrarySources.None).Resolve(source, format);
        }

        var asked = SourceFormats.Parse(format);
        var place = await guard.ResolveAsync(source);
        var files = OpenFiles(place);
        try
        {
            var opened = await OpenAsync(place, files, asked, cancellationToken);
            if (opened.Files != files)
            {
                await files.DisposeAsync();
            }

            return opened;
        }
        catch (Exception e)
        {
            await files.DisposeAsync();
            if (e is DiskImageException image)
            {
                throw SourceFailures.From(image, place);
            }

            throw;
        }
    }

    private static async Task<OpenedSource> OpenAsync(SourcePlace place, IImageFiles files, DiskImageFormat? format, CancellationToken cancellationToken)
    {
        var head = await ReadHeadAsync(place, files, cancellationToken);

        // The content of a device is a disk by nature, and its guest wrote it: what looks like another format there must not be believed.
        format ??= !place.Remote && place.Location.StartsWith("/dev", StringComparison.Ordinal) ? DiskImageFormat.Raw : null;
        var kind = format is null ? SourceDetector.Detect(head) : SourceKind.Image;
        return kind switch
        {
            SourceKind.Vmx => await VmxSource.OpenAsync(place, files, cancellationToken),
            SourceKind.Ovf => await OvfSource.OpenAsync(kind, place.Name, place.Location, place.Remote, files, cancellationToken),
            SourceKind.Ova => await OvaSource.OpenAsync(place, files, cancellationToken),
            _ => await ImageSource.OpenAsync(place, files, format, head, cancellationToken),
        };
    }

    private IImageFiles OpenFiles(SourcePlace place) => place.Remote
        ? new HttpImageFiles(new Uri(place.Location), client)
        : LocalImageFiles.ForImage(place.Full, out _);

    private static async Task<byte[]> ReadHeadAsync(SourcePlace place, IImageFiles files, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = await files.OpenAsync(place.Name, cancellationToken);
            var head = new byte[Math.Min(SourceDetector.HeadBytes, source.Length)];
            await source.ReadAsync(0, head, cancellationToken);
            return head;
        }
        catch (DiskImageException e) when (e.Code == DiskImageErrors.MissingFile)
        {
            throw SourceException.Of(SourceErrors.NotFound, "The source is not there.", SourceText.Quote(place.Name), "Check the name of the source.", e);
        }
    }
}
