using System.Text;

namespace Ferry.Fixup.Volumes;

/// <summary>
/// A guest's files by the paths that its own configuration uses: links are followed inside the guest's root by this class alone, <c>..</c> stops at the root, and the number
/// of links is bounded.
/// </summary>
public sealed class GuestTree(IGuestVolume volume)
{
    /// <summary>As in Linux.</summary>
    public const int MaximumLinks = 40;

    /// <summary>Longest path, as in Linux.</summary>
    public const int MaximumPath = 4096;

    /// <summary>Biggest configuration file.</summary>
    public const int TextLimit = 1024 * 1024;

    /// <summary>The volume under it.</summary>
    public IGuestVolume Volume { get; } = volume;

    /// <summary>Canonical path of an existing entry, or null when there is none.</summary>
    /// <param name="path">Absolute path in the guest.</param>
    /// <param name="followLast">Whether a link at the end is followed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="GuestVolumeException">Too many links, too long, or something that is no directory in the middle.</exception>
    public async Task<string?> ResolveAsync(string path, bool followLast, CancellationToken cancellationToken)
    {
        if (!path.StartsWith('/'))
        {
            throw new GuestVolumeException(path, "is no absolute path");
        }

        var pending = new Stack<string>();
        Push(pending, path, path);
        var done = new List<string>();
        var links = 0;
        while (pending.TryPop(out var name))
        {
            if (name == "..")
            {
                if (done.Count > 0)
                {
                    done.RemoveAt(done.Count - 1);
                }

                continue;
            }

            var here = "/" + string.Join('/', done.Append(name));
            if (await Volume.StatAsync(here, cancellationToken) is not { } status)
            {
                return null;
            }

            if (status.Kind == GuestEntryKind.Symlink && (pending.Count > 0 || followLast))
            {
                if (++links > MaximumLinks)
                {
                    throw new GuestVolumeException(path, "has too many levels of symbolic links");
                }

                var target = await Volume.ReadLinkAsync(here, cancellationToken);
                if (target.StartsWith('/'))
                {
                    done.Clear();
                }

                Push(pending, target, path);
                continue;
            }

            if (status.Kind != GuestEntryKind.Directory && pending.Count > 0)
            {
                throw new GuestVolumeException(path, $"'{here}' is no directory");
            }

            done.Add(name);
        }

        return "/" + string.Join('/', done);
    }

    /// <summary>Whether a file (after links) is there.</summary>
    public async Task<bool> IsFileAsync(string path, CancellationToken cancellationToken) => await KindAsync(path, cancellationToken) == GuestEntryKind.File;

    /// <summary>Whether a directory (after links) is there.</summary>
    public async Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken) => await KindAsync(path, cancellationToken) == GuestEntryKind.Directory;

    /// <summary>Sorted names in a directory; none when it is not there.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken) =>
        await ResolveAsync(path, followLast: true, cancellationToken) is { } real && await Volume.StatAsync(real, cancellationToken) is { Kind: GuestEntryKind.Directory }
            ? [.. (await Volume.ListAsync(real, cancellationToken)).Where(n => n is not "." and not ".." && !n.Contains('/', StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Content of a file, or null when there is none.</summary>
    public async Task<byte[]?> ReadAsync(string path, long limit, CancellationToken cancellationToken) =>
        await ResolveAsync(path, followLast: true, cancellationToken) is { } real ? await Volume.ReadAsync(real, limit, cancellationToken) : null;

    /// <summary>Text of a configuration file, byte for byte (Latin-1, so that writing it back changes nothing else), or null when there is none.</summary>
    public async Task<string?> ReadTextAsync(string path, CancellationToken cancellationToken) =>
        await ReadAsync(path, TextLimit, cancellationToken) is { } bytes ? Encoding.Latin1.GetString(bytes) : null;

    private async Task<GuestEntryKind?> KindAsync(string path, CancellationToken cancellationToken) =>
        await ResolveAsync(path, followLast: true, cancellationToken) is { } real ? (await Volume.StatAsync(real, cancellationToken))?.Kind : null;

    private static void Push(Stack<string> pending, string target, string path)
    {
        var names = target.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (target.Length is 0 or > MaximumPath || target.Contains('\0', StringComparison.Ordinal) || pending.Count + names.Length > MaximumPath)
        {
            throw new GuestVolumeException(path, "leads through a name that no path can have");
        }

        foreach (var name in names.Reverse().Where(n => n != "."))
        {
            pending.Push(name);
        }
    }
}
