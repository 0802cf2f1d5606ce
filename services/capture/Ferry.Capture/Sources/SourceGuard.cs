using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Ferry.Hosting.Library;
using Microsoft.Extensions.Options;

namespace Ferry.Capture.Sources;

/// <summary>Decides what may be read at all: the scheme and host of a URL, the folder of a path.</summary>
public sealed class SourceGuard(IOptions<SourcesOptions> options, LibraryShare? library = null)
{
    private const int LongestSource = 4096;

    /// <summary>Where a source is.</summary>
    /// <param name="source">Path or URL as the request names it.</param>
    /// <exception cref="SourceException"><see cref="SourceErrors.Forbidden"/>, <see cref="SourceErrors.NotFound"/>, <see cref="SourceErrors.NotAMachine"/>.</exception>
    public async ValueTask<SourcePlace> ResolveAsync(string source)
    {
        if (string.IsNullOrWhiteSpace(source) || source.Length > LongestSource || source.Contains('\0', StringComparison.Ordinal))
        {
            throw SourceException.Of(SourceErrors.NotFound, "The request names no source.", "", "Name a .vmx, .ovf, .ova or disk image by path or URL.");
        }

        var scheme = source.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && source.AsSpan(0, scheme).IndexOfAnyExcept(SchemeCharacters) < 0 ? ResolveUrl(source) : await ResolvePathAsync(source);
    }

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private SourcePlace ResolveUrl(string source)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.Host.Length == 0)
        {
            throw SourceException.Of(SourceErrors.Forbidden, "The source's URL is not one of http or https.", "", "Use a http or https URL, or a path.");
        }

        // From here on messages name the host only: the rest of a URL may hold a secret.
        if (url.UserInfo.Length > 0)
        {
            throw SourceException.Of(SourceErrors.Forbidden, "The source's URL holds credentials.", url.Host, "Name the source without user and password.");
        }

        if (!IsDatastore(url.Query) || url.Fragment.Length > 0)
        {
            throw SourceException.Of(
                SourceErrors.Forbidden, "The source's URL has a query or fragment; the files beside it could not be named.", url.Host,
                "Use a URL without one; only ESXi's dcPath and dsName may stand there.");
        }

        if (!new HostRules([.. options.Value.AllowedHosts]).IsAllowed(url))
        {
            throw SourceException.Of(
                SourceErrors.Forbidden, $"The host {url.Host} is not among those that sources may be read from.", url.Host,
                $"Use another source, or add the host to {SourcesOptions.SectionName}:{nameof(SourcesOptions.AllowedHosts)}.");
        }

        var path = url.GetLeftPart(UriPartial.Path);
        var slash = path.LastIndexOf('/');
        var name = Uri.UnescapeDataString(path[(slash + 1)..]);
        return name.Length > 0
            ? new SourcePlace(path[..(slash + 1)] + url.Query, DescriptorReference.Require(name, url.Host), Remote: true)
            : throw SourceException.Of(SourceErrors.NotAMachine, "The source's URL names a folder.", url.Host, "Name the .vmx, .ovf or disk image in it.");
    }

    // The same for every file of a datastore folder, and no secret.
    private static bool IsDatastore(string query) => query.Length == 0
        || query[1..].Split('&').All(part => part.StartsWith("dcPath=", StringComparison.Ordinal) || part.StartsWith("dsName=", StringComparison.Ordinal));

    private async ValueTask<SourcePlace> ResolvePathAsync(string source)
    {
        var path = Path.GetFullPath(source);
        string[] roots = options.Value.LibraryRoots is { Count: > 0 } given && library?.Folder is { } share ? [.. given, share] : [.. options.Value.LibraryRoots];

        // A path outside the library is refused before it is looked at, so that nobody learns what is there.
        if (roots.Length > 0 && !roots.Any(root => IsInside(path, Path.GetFullPath(root))))
        {
            throw Outside(source);
        }

        if (Directory.Exists(path))
        {
            throw SourceException.Of(SourceErrors.NotAMachine, "The source is a folder.", SourceText.Quote(source), "Name the .vmx, .ovf, .ova or disk image in it.");
        }

        try
        {
            await using var file = FileByteSource.Open(path, allowDevice: true);
            var real = roots.Length == 0 || roots.Any(root => IsInside(file.Path, RealFolder(root)));
            return real ? new SourcePlace(Path.GetDirectoryName(path) ?? path, Path.GetFileName(path), Remote: false) : throw Outside(source);
        }
        catch (DiskImageException e) when (e.Code == DiskImageErrors.MissingFile)
        {
            throw SourceException.Of(SourceErrors.NotFound, "The source is not there.", SourceText.Quote(source), "Check the path, as seen from the machine that runs the capture service.", e);
        }
        catch (DiskImageException e)
        {
            throw SourceException.Of(SourceErrors.InputOutput, $"The source cannot be opened: {e.Message}", SourceText.Quote(source), "Check the permissions of the source.", e);
        }
    }

    private static SourceException Outside(string source) => SourceException.Of(
        SourceErrors.Forbidden,
        "The source is not in the library.",
        SourceText.Quote(source),
        $"Move it into the library, or add its folder to {SourcesOptions.SectionName}:{nameof(SourcesOptions.LibraryRoots)}.");

    private static string RealFolder(string folder) => new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder);

    private static bool IsInside(string path, string folder) =>
        path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
