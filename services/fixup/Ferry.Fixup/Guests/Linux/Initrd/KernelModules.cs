using System.Text.RegularExpressions;

namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>The modules of one kernel: <c>modules.dep</c> (name, file, dependencies) and <c>modules.builtin</c>.</summary>
public sealed partial class KernelModules
{
    private const int MaximumModules = 50_000;
    private readonly Dictionary<string, (string Path, string[] Dependencies)> _modules = new(StringComparer.Ordinal);
    private readonly HashSet<string> _builtIn = new(StringComparer.Ordinal);

    /// <summary>Reads both files.</summary>
    public KernelModules(string dependencies, string builtIn)
    {
        foreach (var line in dependencies.Split('\n').Take(MaximumModules))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && IsModulePath(line[..colon]))
            {
                _modules.TryAdd(NameOf(line[..colon]), (line[..colon], line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            }
        }

        _builtIn.UnionWith(builtIn.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(MaximumModules).Select(NameOf));
    }

    /// <summary>Name of a module as the kernel uses it: without folder and endings, underscores instead of dashes.</summary>
    public static string NameOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var dot = name.IndexOf(".ko", StringComparison.Ordinal);
        return (dot >= 0 ? name[..dot] : name).Replace('-', '_');
    }

    /// <summary>Whether a path relative to the module folder is one of a module and holds nothing else.</summary>
    public static bool IsModulePath(string path) => path.Length <= 512 && ModulePath().IsMatch(path) && !path.Split('/').Any(p => p is "" or "." or "..");

    /// <summary>Whether the kernel has it, as a file or built in.</summary>
    public bool Has(string name) => _modules.ContainsKey(name) || _builtIn.Contains(name);

    /// <summary>Whether it is built in.</summary>
    public bool IsBuiltIn(string name) => _builtIn.Contains(name);

    /// <summary>Paths of modules and everything they need, each once.</summary>
    public IReadOnlyList<string> Closure(IEnumerable<string> names)
    {
        var paths = new List<string>();
        var pending = new Stack<string>(names.Reverse());
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (pending.TryPop(out var name))
        {
            if (seen.Add(name) && _modules.TryGetValue(name, out var module))
            {
                paths.Add(module.Path);
                foreach (var dependency in module.Dependencies)
                {
                    pending.Push(NameOf(dependency));
                }
            }
        }

        return paths;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_+.,/-]*\.ko(\.xz|\.zst|\.gz)?$", RegexOptions.CultureInvariant)]
    private static partial Regex ModulePath();
}
