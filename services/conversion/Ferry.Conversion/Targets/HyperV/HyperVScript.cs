using System.Globalization;
using System.Text;

namespace Ferry.Conversion.Targets.HyperV;

/// <summary>Writes <c>import.ps1</c>: the script of <c>import.ps1.txt</c> with the definition as one literal in it.</summary>
public static class HyperVScript
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "import.ps1";

    private const string Marker = "'@DEFINITION@'";

    /// <summary>The script. Pure ASCII, lines end as on Windows.</summary>
    public static string Write(HyperVDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        using var stream = typeof(HyperVScript).Assembly.GetManifestResourceStream("import.ps1.txt")
            ?? throw new InvalidOperationException("The script's text is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var script = reader.ReadToEnd();
        var place = script.IndexOf(Marker, StringComparison.Ordinal);
        script = string.Concat(script.AsSpan(0, place), Literal(definition), script.AsSpan(place + Marker.Length));
        return script.ReplaceLineEndings("\r\n");
    }

    private static string Literal(HyperVDefinition definition)
    {
        var text = new StringBuilder("@{\n");
        Line("Name", PowerShellLiteral.Of(definition.Name));
        Line("Generation", PowerShellLiteral.Of(definition.Generation));
        Line("Processors", PowerShellLiteral.Of(definition.Processors));
        Line("MemoryBytes", PowerShellLiteral.Of(definition.MemoryBytes));
        Line("SecureBoot", PowerShellLiteral.Of(definition.SecureBoot));
        Line("SecureBootTemplate", PowerShellLiteral.Of(definition.SecureBootTemplate));
        text.Append("    Disks = @(\n");
        foreach (var disk in definition.Disks)
        {
            text.Append(CultureInfo.InvariantCulture, $"        @{{ File = {PowerShellLiteral.Of(disk.File)}; Bytes = {PowerShellLiteral.Of(disk.FileBytes)}; ")
                .Append(CultureInfo.InvariantCulture, $"Sha256 = {PowerShellLiteral.Of(disk.FileSha256)}; Controller = {PowerShellLiteral.Of(disk.Controller)}; ")
                .Append(CultureInfo.InvariantCulture, $"Number = {PowerShellLiteral.Of(disk.ControllerNumber)}; Location = {PowerShellLiteral.Of(disk.ControllerLocation)} }}\n");
        }

        text.Append("    )\n    Nics = @(\n");
        foreach (var nic in definition.Nics)
        {
            text.Append(CultureInfo.InvariantCulture, $"        @{{ Name = {PowerShellLiteral.Of(nic.Name)}; Mac = {PowerShellLiteral.Of(nic.MacAddress)}; ")
                .Append(CultureInfo.InvariantCulture, $"Network = {PowerShellLiteral.Of(nic.SourceNetwork)}; Connected = {PowerShellLiteral.Of(nic.Connected)} }}\n");
        }

        return text.Append("    )\n}").ToString();

        void Line(string key, string value) => text.Append("    ").Append(key).Append(" = ").Append(value).Append('\n');
    }
}
