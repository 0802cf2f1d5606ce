using System.Globalization;
using System.Text;
using Ferry.Contracts.Conversions;
using static Ferry.Conversion.Reports.HtmlText;

namespace Ferry.Conversion.Reports;

/// <summary>The section of <see cref="HtmlReport"/> on a start of the machine before the move. What the guest wrote is encoded like everything from outside.</summary>
internal static class HtmlRehearsal
{
    public static void Write(StringBuilder page, string title, RehearsalReport? report, ReadOnlyMemory<byte> screen)
    {
        if (report is null)
        {
            return;
        }

        var verdict = report.Verdict is "booted" or "panicked" ? report.Verdict : "unknown";
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Encode(title)}: <span class=\"{verdict}\">{Encode(report.Verdict)}</span></h2>\n<table>\n");
        Row(page, "Shown by", report.Sign is null ? "nothing: the time was up" : report.Sign);
        Row(page, "Quote", report.Quote);
        if (report.Cause is { } cause)
        {
            Row(page, "Before that", cause);
        }

        Row(page, "After", string.Create(CultureInfo.InvariantCulture, $"{report.Seconds:0.0} s, {(report.Acceleration == "kvm" ? "with KVM" : "in emulation, which is many times slower than the target")}"));
        Row(page, "Devices", report.Machine);
        Row(page, "Not as at the target", string.Join("; ", report.Differences));
        foreach (var unit in report.FailedUnits)
        {
            Row(page, "Did not start", unit);
        }

        page.Append("</table>\n");
        if (report.SerialLines.Count > 0)
        {
            page.Append("<p class=\"dim\">Last lines of the serial console</p>\n<pre>").AppendJoin('\n', report.SerialLines.Select(Encode)).Append("</pre>\n");
        }

        if (!screen.IsEmpty)
        {
            page.Append("<p class=\"dim\">Last screen</p>\n<img alt=\"The last screen\" src=\"data:image/png;base64,").Append(Convert.ToBase64String(screen.Span)).Append("\">\n");
        }
    }

    private static void Row(StringBuilder page, string name, string value) => page.Append(CultureInfo.InvariantCulture, $"<tr><th>{Encode(name)}</th><td>{Encode(value)}</td></tr>\n");
}
