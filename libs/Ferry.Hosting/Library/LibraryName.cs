using System.Diagnostics.CodeAnalysis;

namespace Ferry.Hosting.Library;

/// <summary>Names of machines in the library: one path segment that every file system takes, and that never leads elsewhere.</summary>
public static class LibraryName
{
    /// <summary>What a source or an output that is meant to be in the library begins with.</summary>
    public const string Prefix = "library:";

    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 64;

    private static readonly string[] reserved = ["CON", "PRN", "AUX", "NUL"];

    /// <summary>Whether a text means a machine of the library, whether its name is right or not.</summary>
    public static bool IsReference([NotNullWhen(true)] string? text) => text?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <summary>The name in <c>library:NAME</c>; the text itself has to pass <see cref="IsReference"/>.</summary>
    public static string Of(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return reference[Prefix.Length..];
    }

    /// <summary>What is wrong with a name, as the rest of a sentence; null when nothing is.</summary>
    public static string? Problem(string? name) =>
        string.IsNullOrEmpty(name) ? "is empty"
        : name.Length > MaxLength ? $"is longer than {MaxLength} characters"
        : name[0] is '.' or '-' or ' ' ? "begins with a dot, a dash or a space"
        : name[^1] is '.' or ' ' ? "ends with a dot or a space"
        : !name.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '_' or '-' or ' ') ? "has characters other than letters, digits, dots, dashes, underscores and spaces"
        : IsReserved(name) ? "is reserved on Windows"
        : null;

    /// <summary>A name made of a file's name: what is not allowed becomes an underscore.</summary>
    public static string From(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var dot = file.LastIndexOf('.');
        var letters = (dot > 0 ? file[..dot] : file).Select(letter => char.IsLetterOrDigit(letter) || letter is '.' or '_' or '-' or ' ' ? letter : '_').Take(MaxLength);
        var name = string.Concat(letters).TrimStart('.', ' ', '-').TrimEnd('.', ' ');
        return name.Length == 0 ? "machine" : IsReserved(name) ? $"vm-{name}" : name;
    }

    private static bool IsReserved(string name)
    {
        var stem = name.Split('.')[0].TrimEnd();
        return reserved.Contains(stem, StringComparer.OrdinalIgnoreCase)
            || (stem.Length == 4 && char.IsAsciiDigit(stem[3])
                && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)));
    }
}
