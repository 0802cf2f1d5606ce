using System.Text;

namespace Ferry.Fixup.Guests.Windows.FirstBoot;

/// <summary>A script of the first start.</summary>
/// <param name="Name">Name of its file; scripts run in the order of names.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Summary">What the report says about it.</param>
internal sealed record FirstBootStep(string Name, ReadOnlyMemory<byte> Content, string Summary)
{
    /// <summary>A script of our own: lines end as Windows' command interpreter wants them.</summary>
    public static FirstBootStep Of(string name, string text, string summary) =>
        new(name, Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n")), summary);
}
