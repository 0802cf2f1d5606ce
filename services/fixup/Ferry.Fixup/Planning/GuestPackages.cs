using System.Text.RegularExpressions;
using Ferry.Fixup.Inspection;

namespace Ferry.Fixup.Planning;

/// <summary>
/// The packages that are offered for guests: <c>FOLDER/PLATFORM/DISTRIBUTION-VERSION/*.deb|*.rpm</c>, where the version may be the first number alone. A folder holds one set
/// that can be installed together, dependencies included.
/// </summary>
public static partial class GuestPackages
{
    /// <summary>Most bytes of a set.</summary>
    public const long MaximumBytes = 64L * 1024 * 1024;

    /// <summary>Files of the set for a guest, sorted; none when nothing is offered.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IReadOnlyList<string> Find(string? folder, string platform, GuestInspection guest)
    {
        if (folder is null || !Segment().IsMatch(guest.Distribution) || !Segment().IsMatch(guest.Version))
        {
            return [];
        }

        var set = new[] { guest.Version, guest.Version.Split('.')[0] }.Select(v => Path.Combine(folder, platform, $"{guest.Distribution}-{v}")).FirstOrDefault(Directory.Exists);
        return set is null ? [] : [.. Directory.EnumerateFiles(set).Where(f => Package().IsMatch(Path.GetFileName(f))).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$", RegexOptions.CultureInvariant)]
    private static partial Regex Segment();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+~-]{0,200}\.(?:deb|rpm)$", RegexOptions.CultureInvariant)]
    private static partial Regex Package();
}
