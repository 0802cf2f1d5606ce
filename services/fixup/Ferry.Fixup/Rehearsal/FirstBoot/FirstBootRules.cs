namespace Ferry.Fixup.Rehearsal.FirstBoot;

/// <summary>The rules that leave something for the first boot that switches the machine off behind it when it finds <see cref="FirstBootTag"/>.</summary>
internal static class FirstBootRules
{
    /// <summary>Their ids, as the report of changes has them.</summary>
    public static IReadOnlyList<string> Ids { get; } = ["linux-first-boot"];
}
