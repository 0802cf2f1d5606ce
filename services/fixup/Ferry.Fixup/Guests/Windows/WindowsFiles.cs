using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Guests.Windows;

/// <summary>Files of a Windows guest by names in any case, as Windows finds them. Folders are listed once.</summary>
public sealed class WindowsFiles(GuestTree tree)
{
    private readonly Dictionary<string, IReadOnlyList<string>> _folders = [];

    /// <summary>Canonical path of what a path means, or null where there is nothing.</summary>
    /// <param name="path">Path with / between names, from the root of the volume.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<string?> FindAsync(string path, CancellationToken cancellationToken)
    {
        var here = "";
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!_folders.TryGetValue(here, out var names))
            {
                names = await tree.ListAsync(here.Length == 0 ? "/" : here, cancellationToken);
                _folders[here] = names;
            }

            var found = names.Contains(name) ? name : names.FirstOrDefault(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
            if (found is null)
            {
                return null;
            }

            here += "/" + found;
        }

        return here.Length == 0 ? "/" : await tree.ResolveAsync(here, followLast: true, cancellationToken);
    }

    /// <summary>Whether there is a file with content.</summary>
    public async Task<bool> HasContentAsync(string path, CancellationToken cancellationToken) =>
        await FindAsync(path, cancellationToken) is { } real && await tree.Volume.StatAsync(real, cancellationToken) is { Kind: GuestEntryKind.File, Size: > 0 };
}
