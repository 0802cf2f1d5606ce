using System.Globalization;

namespace Ferry.Hives.ControlSets;

/// <summary>The control sets of a SYSTEM hive. There is no CurrentControlSet in a file: Select says which is which.</summary>
public sealed class ControlSetList
{
    private const string Prefix = "ControlSet";
    private const int Digits = 3;

    private readonly Hive _hive;

    private ControlSetList(Hive hive) => _hive = hive;

    /// <summary>All control sets, in the hive's order.</summary>
    public IReadOnlyList<HiveKey> All => [.. _hive.Root.Subkeys.Where(x => NumberOf(x.Name) is not null)];

    /// <summary>The one that Windows runs with.</summary>
    /// <exception cref="HiveException">Select does not say, or what it says is not there.</exception>
    public HiveKey Current => Selected("Current") ?? throw new HiveException(HiveErrors.Missing, "The hive does not say which control set is the current one.", _hive.Name);

    /// <summary>The one that the next start takes, or null.</summary>
    public HiveKey? Default => Selected("Default");

    /// <summary>The one that last started well, or null.</summary>
    public HiveKey? LastKnownGood => Selected("LastKnownGood");

    /// <summary>The one that failed, or null.</summary>
    public HiveKey? Failed => Selected("Failed");

    /// <summary>The control sets of a SYSTEM hive.</summary>
    /// <param name="hive">The hive.</param>
    /// <exception cref="HiveException">It has none.</exception>
    public static ControlSetList Of(Hive hive)
    {
        ArgumentNullException.ThrowIfNull(hive);
        var list = new ControlSetList(hive);
        return list.All.Count > 0 ? list : throw new HiveException(HiveErrors.Missing, "The hive is no SYSTEM hive: it has no control sets.", hive.Name);
    }

    private static int? NumberOf(string name) =>
        name.Length == Prefix.Length + Digits && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private HiveKey? Selected(string name) =>
        _hive.Find("Select")?.Value(name)?.GetDWord() is { } number and not 0 ? All.FirstOrDefault(x => NumberOf(x.Name) == number) : null;
}
