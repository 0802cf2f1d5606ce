using System.Globalization;
using System.Text;
using Ferry.Contracts.Conversions;

namespace Ferry.Conversion.Reports;

/// <summary>The report as one self-contained page: no script, nothing loaded from elsewhere, every value encoded.</summary>
public static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1c2430; --dim: #5b6675; --line: #d9dee6; --paper: #fff; --bar: #2f6fde; --good: #1f8a4c; --bad: #c0362c; --warn: #a66a00 }
        @media (prefers-color-scheme: dark) { :root { --ink: #e4e9f0; --dim: #98a3b3; --line: #323b48; --paper: #12171e; --bar: #6aa0ff; --good: #5fd38d; --bad: #ff8a80; --warn: #f0b95a } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto; max-width: 62rem; padding: 0 1rem }
        h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } .dim { color: var(--dim) }
        .Completed { color: var(--good) } .Failed, .error { color: var(--bad) } .Cancelled, .warning { color: var(--warn) }
        .scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line) }
        th { color: var(--dim); font-weight: 600 } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums } code { font-size: .85em; overflow-wrap: anywhere }
        pre { font-size: .8rem; overflow-x: auto; border: 1px solid var(--line); padding: .5rem } img { max-width: 100%; border: 1px solid var(--line) } .booted { color: var(--good) } .panicked { color: var(--bad) } .unknown { color: var(--warn) }
        .track { position: relative; min-width: 14rem; height: .9rem } .track i { position: absolute; top: 0; bottom: 0; min-width: 2px; border-radius: 2px; background: var(--bar) }
        .track i.failed { background: var(--bad) } .track i.cancelled { background: var(--warn) }
        """;

    /// <summary>Renders the report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="screen">The last screen of the rehearsal as PNG, or null; it stands in the page itself.</param>
    public static string Render(ConversionReport report, ReadOnlyMemory<byte> screen = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new StringBuilder();
        var name = report.Machine?.Name ?? report.Request.Name ?? report.Request.Source;
        Line(page, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        Line(page, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">");
        Line(page, $"<title>{HtmlText.Encode(name)} - Ferry report</title>\n<style>\n{Style}\n</style>\n</head>\n<body>");
        Line(page, $"<h1>{HtmlText.Encode(name)} <span class=\"{OutcomeClass(report.Outcome)}\">{HtmlText.Encode(report.Outcome)}</span></h1>");
        Line(page, $"<p class=\"dim\">{HtmlText.Time(report.StartedAt)} to {HtmlText.Time(report.EndedAt)} ({HtmlText.Duration(report.EndedAt - report.StartedAt)})</p>");
        HtmlReportSections.Failure(page, report);
        HtmlReportSections.Request(page, report);
        HtmlReportSections.Machine(page, report);
        HtmlReportSections.Steps(page, report);
        HtmlReportSections.Disks(page, report);
        HtmlReportSections.Guest(page, report);
        HtmlRehearsal.Write(page, "First boot before the move", report.FirstBoot, default);
        HtmlRehearsal.Write(page, "Rehearsal", report.Rehearsal, screen);
        HtmlReportSections.Findings(page, report);
        HtmlReportSections.Residue(page, report);
        Line(page, "</body>\n</html>");
        return page.ToString();
    }

    private static string OutcomeClass(string outcome) => outcome is "Completed" or "Failed" or "Cancelled" ? outcome : "dim";

    private static void Line(StringBuilder page, string text) => page.Append(CultureInfo.InvariantCulture, $"{text}\n");
}
