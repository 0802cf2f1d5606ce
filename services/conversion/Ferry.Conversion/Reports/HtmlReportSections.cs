using System.Globalization;
using System.Text;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using static Ferry.Conversion.Reports.HtmlText;

namespace Ferry.Conversion.Reports;

/// <summary>The sections of <see cref="HtmlReport"/>, in the order of the page.</summary>
internal static class HtmlReportSections
{
    /// <summary>Most changed ranges that are listed for one disk; report.json has them all.</summary>
    private const int MaxRanges = 200;

    public static void Failure(StringBuilder page, ConversionReport report)
    {
        if (report.Failure is { } failure)
        {
            Line(page, $"<h2 class=\"error\">Why it failed</h2>\n<p><strong><code>{Encode(failure.Code)}</code> {Encode(failure.Message)}</strong><br>");
            Line(page, $"<span class=\"dim\">{Encode(failure.Where)}</span><br>{Encode(failure.Remedy)}</p>");
        }
    }

    public static void Request(StringBuilder page, ConversionReport report)
    {
        Line(page, "<h2>Conversion</h2>\n<table>");
        Row(page, "Source", report.Request.Source);
        Row(page, "Target", report.Request.Target + (report.Request.Generation is { } generation ? $", generation {generation}" : ""));
        Row(page, "Output", report.Request.Output);
        Row(page, "Guest fix-up", report.Request.Fixup ? "asked for" : "not asked for");
        Row(page, "Conversion id", report.Id.ToString("D"));
        Row(page, "Trace id", report.TraceId ?? "none");
        Line(page, "</table>");
    }

    public static void Machine(StringBuilder page, ConversionReport report)
    {
        if (report.Machine is not { } machine)
        {
            return;
        }

        Line(page, "<h2>Machine</h2>\n<table>");
        Row(page, "Name", machine.Name);
        Row(page, "Processors", Number(machine.Processors));
        Row(page, "Memory", $"{Number(machine.MemoryMiB)} MiB");
        Row(page, "Firmware", machine.Firmware == Contracts.Machines.Firmware.Uefi ? $"UEFI, Secure Boot {(machine.SecureBoot ? "on" : "off")}" : "BIOS");
        foreach (var nic in machine.Nics)
        {
            Row(page, $"Network adapter {nic.Index}", $"{nic.MacAddress ?? "no address yet"} {nic.Model} {nic.Network}".Trim());
        }

        Line(page, "</table>");
    }

    public static void Steps(StringBuilder page, ConversionReport report)
    {
        Line(page, "<h2>Steps</h2>\n<div class=\"scroll\"><table>\n<tr><th>Step</th><th>Outcome</th><th class=\"n\">Time</th><th>When</th><th class=\"n\">Read</th><th class=\"n\">Written</th><th class=\"n\">Zero</th><th class=\"n\">Not in use</th><th class=\"n\">Already there</th></tr>");
        var total = Math.Max((report.EndedAt - report.StartedAt).TotalSeconds, 0.001);
        foreach (var step in report.Steps)
        {
            var ended = step.EndedAt ?? report.EndedAt;
            var left = Math.Clamp((step.StartedAt - report.StartedAt).TotalSeconds / total * 100, 0, 100);
            var width = Math.Clamp((ended - step.StartedAt).TotalSeconds / total * 100, 0, 100 - left);
            var kind = step.Outcome is "failed" or "cancelled" ? step.Outcome : "done";
            var attempt = step.Attempt > 1 ? $", attempt {step.Attempt}" : "";
            var workers = step.Epoch > 1 ? $", worker {step.Epoch}" : "";
            Line(page, $"<tr><td>{Encode(step.Step)}{attempt}{workers}</td><td>{Encode(step.Outcome)}</td><td class=\"n\">{Duration(ended - step.StartedAt)}</td>");
            Line(page, $"<td><div class=\"track\"><i class=\"{kind}\" style=\"left:{Percent(left)};width:{Percent(width)}\"></i></div></td>{Cells(step.Bytes)}</tr>");
        }

        Line(page, "</table></div>");
    }

    public static void Disks(StringBuilder page, ConversionReport report)
    {
        foreach (var disk in report.Disks)
        {
            Line(page, $"<h2>Disk {disk.Disk}: {Encode(disk.Image)}</h2>\n<table>");
            Row(page, "Size", $"{Bytes(disk.Capacity)} ({Number(disk.Capacity)} bytes), {Bytes(disk.ImageBytes)} as {disk.Format}");
            Row(page, "Captured", $"digest {disk.CapturedDigest}, manifest {disk.CapturedManifest}", code: true);
            Row(page, "In the image", $"digest {disk.ImageDigest}, manifest {disk.ImageManifest}", code: true);
            Row(page, "Proof", $"{Number(disk.VerifiedChunks)} chunks of {Bytes(disk.ChunkSize)} read back and found equal");
            Row(page, "Changed by the fix-up", Ranges(disk), code: disk.ChangedByFixup.Count > 0);
            Row(page, "Not in use", disk.UnusedBytes == 0 ? "nothing was left out" : $"{Bytes(disk.UnusedBytes)} that no file system of the guest uses: not read, zero in the image");
            Row(page, "Bytes", $"{Bytes(disk.Bytes.Read)} read, {Bytes(disk.Bytes.Written)} written, {Bytes(disk.Bytes.Zero)} zero");
            Line(page, "</table>");
        }
    }

    public static void Guest(StringBuilder page, ConversionReport report)
    {
        if (report.Guest is not { } guest)
        {
            return;
        }

        Line(page, $"<h2>Guest: {Encode(guest.Distribution)} {Encode(guest.Version)} <span class=\"dim\">{Encode(guest.Family)}</span></h2>");
        Line(page, "<div class=\"scroll\"><table>\n<tr><th>Rule</th><th>File</th><th>Change</th></tr>");
        foreach (var change in guest.Changes)
        {
            Line(page, $"<tr><td>{Encode(change.Rule)}</td><td><code>{Encode(change.Path)}</code></td><td>{Encode(change.Summary)}</td></tr>");
        }

        Line(page, "</table></div>");
    }

    public static void Findings(StringBuilder page, ConversionReport report)
    {
        if (report.Findings.Count == 0)
        {
            return;
        }

        Line(page, "<h2>Findings</h2>\n<div class=\"scroll\"><table>\n<tr><th>Finding</th><th>What</th><th>What to do</th></tr>");
        foreach (var finding in report.Findings)
        {
            var kind = finding.Severity switch { FindingSeverity.Error => "error", FindingSeverity.Warning => "warning", _ => "dim" };
            Line(page, $"<tr><td class=\"{kind}\"><code>{Encode(finding.Id)}</code></td><td>{Encode(finding.Message)}</td><td>{Encode(finding.Remedy)}</td></tr>");
        }

        Line(page, "</table></div>");
    }

    public static void Residue(StringBuilder page, ConversionReport report)
    {
        Line(page, "<h2>Left behind</h2>");
        Line(page, report.Residue.Count == 0
            ? "<p>Nothing: the conversion ended clean.</p>"
            : $"<ul>{string.Concat(report.Residue.Select(residue => $"<li class=\"warning\">{Encode(residue)}</li>"))}</ul>");
    }

    private static string Ranges(DiskReport disk)
    {
        if (disk.ChangedByFixup.Count == 0)
        {
            return "nothing: every chunk is identical to the source's";
        }

        var shown = disk.ChangedByFixup.Take(MaxRanges).Select(range => range.Count == 1 ? $"{range.First}" : $"{range.First}-{range.First + range.Count - 1}");
        var more = disk.ChangedByFixup.Count > MaxRanges ? $" and {Number(disk.ChangedByFixup.Count - MaxRanges)} more ranges (report.json)" : "";
        return $"{Number(disk.ChangedByFixup.Sum(range => range.Count))} chunks: {string.Join(", ", shown)}{more}";
    }

    private static string Cells(ByteCounts? bytes) => bytes is null
        ? "<td></td><td></td><td></td><td></td><td></td>"
        : $"<td class=\"n\">{Bytes(bytes.Read)}</td><td class=\"n\">{Bytes(bytes.Written)}</td><td class=\"n\">{Bytes(bytes.Zero)}</td><td class=\"n\">{Bytes(bytes.Unused)}</td><td class=\"n\">{Bytes(bytes.Deduplicated)}</td>";

    private static void Row(StringBuilder page, string name, string value, bool code = false) => Line(
        page, code ? $"<tr><th>{Encode(name)}</th><td><code>{Encode(value)}</code></td></tr>" : $"<tr><th>{Encode(name)}</th><td>{Encode(value)}</td></tr>");

    private static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.###}%");

    private static void Line(StringBuilder page, string text) => page.Append(text).Append('\n');
}
