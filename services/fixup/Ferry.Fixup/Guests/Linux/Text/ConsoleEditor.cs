namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Edits the consoles in kernel command lines.</summary>
public static class ConsoleEditor
{
    private static readonly string[] Serial = ["console=tty0", "console=ttyS0,115200", "earlyprintk=ttyS0,115200", "rootdelay=300"];

    /// <summary>Takes out what hides the boot, and the consoles of Xen.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="verbose">Whether <c>quiet</c> and <c>rhgb</c> go.</param>
    public static string Clean(string line, bool verbose) => CommandLineWords.Edit(line, word =>
        IsXen(word) || (verbose && word is "quiet" or "rhgb" or "splash") ? null : word);

    /// <summary>Adds Azure's serial console and patience for its disks; what is set for the first serial port already stays.</summary>
    public static string AddSerial(string line)
    {
        var keys = KernelCommandLine.Words(line).Select(Key).ToHashSet(StringComparer.Ordinal);
        var serial = keys.Contains("console=ttyS0");
        var missing = Serial.Where(w => w.StartsWith("console=", StringComparison.Ordinal) ? !serial && !keys.Contains(Key(w)) : !keys.Contains(Key(w))).ToList();
        return missing.Count == 0 ? line : line.TrimEnd() + (line.Trim().Length == 0 ? "" : " ") + string.Join(' ', missing) + line[line.TrimEnd().Length..];
    }

    private static bool IsXen(string word) => word is "console=hvc0" or "console=xvc0";

    /// <summary>Consoles differ by their device, everything else by its name.</summary>
    private static string Key(string word) => word.Split(word.StartsWith("console=", StringComparison.Ordinal) ? ',' : '=')[0];
}
