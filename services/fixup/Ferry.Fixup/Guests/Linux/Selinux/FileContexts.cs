using System.Text;
using System.Text.RegularExpressions;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Guests.Linux.Selinux;

/// <summary>
/// The labels that a guest's own SELinux policy gives to paths: <c>file_contexts</c>, local additions, and path substitutions (selabel_file(5)). A line that is one path counts before
/// patterns; among patterns the last one that matches counts.
/// </summary>
internal sealed partial class FileContexts
{
    private const int TextLimit = 8 * 1024 * 1024;
    private readonly IReadOnlyList<FileContext> contexts;
    private readonly IReadOnlyList<(string Alias, string Original)> substitutions;

    private FileContexts(IReadOnlyList<FileContext> contexts, IReadOnlyList<(string Alias, string Original)> substitutions)
    {
        this.contexts = contexts;
        this.substitutions = substitutions;
    }

    /// <summary>Reads those of the policy that <c>/etc/selinux/config</c> names; null where SELinux is off, and without any lines where the policy is not installed.</summary>
    /// <exception cref="GuestVolumeException">A file is no regular one, or far too large.</exception>
    public static async Task<FileContexts?> ReadAsync(GuestTree tree, CancellationToken cancellationToken)
    {
        var configuration = await tree.ReadTextAsync("/etc/selinux/config", cancellationToken);
        if (Setting(configuration, "SELINUX=") is null or "disabled")
        {
            return null;
        }

        var policy = Setting(configuration, "SELINUXTYPE=") is { } name && Policy().IsMatch(name) ? name : "targeted";
        var file = $"/etc/selinux/{policy}/contexts/files/file_contexts";
        string[] parts = [await TextAsync(file), await TextAsync(file + ".local")];
        var substitutions = await TextAsync(file + ".subs_dist") + "\n" + await TextAsync(file + ".subs");
        return Parse(string.Join('\n', parts), substitutions);

        async Task<string> TextAsync(string path) => await tree.ReadAsync(path, TextLimit, cancellationToken) is { } bytes ? Encoding.Latin1.GetString(bytes) : "";
    }

    /// <summary>Reads the texts.</summary>
    public static FileContexts Parse(string contexts, string substitutions) => new(
        [.. contexts.Split('\n').Select(l => FileContext.Parse(l.Trim())).OfType<FileContext>()],
        [.. substitutions.Split('\n').Select(l => l.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length == 2 && w[0][0] == '/').Select(w => (w[0], w[1]))]);

    /// <summary>The label of an entry; null when no line is about it, or one says that it has none.</summary>
    public string? Find(string path, GuestEntryKind kind)
    {
        var (alias, original) = substitutions.FirstOrDefault(s => path == s.Alias || path.StartsWith(s.Alias + "/", StringComparison.Ordinal));
        var real = alias is null ? path : original + path[alias.Length..];
        var matching = contexts.Reverse().Where(c => c.Matches(real, kind));
        FileContext? found = null;
        foreach (var context in matching)
        {
            if (context.IsExact)
            {
                return context.Label;
            }

            found ??= context;
        }

        return found?.Label;
    }

    private static string? Setting(string? configuration, string name) =>
        configuration?.Split('\n').Select(l => l.Trim()).LastOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$", RegexOptions.CultureInvariant)]
    private static partial Regex Policy();
}
