using Ferry.DiskImages.FileSystems;

namespace Ferry.DiskImages.Lvm;

/// <summary>A section of an LVM metadata text: sections and values by their names. A value is a list of words; a single value is a list of one.</summary>
internal sealed class LvmSection
{
    /// <summary>The sections in it, in the order of the text.</summary>
    internal Dictionary<string, LvmSection> Sections { get; } = new(StringComparer.Ordinal);

    /// <summary>The values in it.</summary>
    internal Dictionary<string, IReadOnlyList<string>> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>A section that has to be there.</summary>
    /// <exception cref="VolumeRefusedException">It is not.</exception>
    internal LvmSection Section(string name) => Sections.TryGetValue(name, out var section) ? section : throw LvmText.Damaged($"'{name}' is missing");

    /// <summary>The words of a value; none when it is not there.</summary>
    internal IReadOnlyList<string> Words(string name) => Values.TryGetValue(name, out var value) ? value : [];

    /// <summary>A single word that has to be there.</summary>
    /// <exception cref="VolumeRefusedException">It is not.</exception>
    internal string Word(string name) => Words(name) is [var word] ? word : throw LvmText.Damaged($"'{name}' is missing");

    /// <summary>A number that has to be there.</summary>
    /// <exception cref="VolumeRefusedException">It is not, or is not one.</exception>
    internal long Number(string name) =>
        long.TryParse(Word(name), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw LvmText.Damaged($"'{name}' is no number");
}
