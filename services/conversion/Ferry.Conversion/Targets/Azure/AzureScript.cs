using System.Text;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Machines;

namespace Ferry.Conversion.Targets.Azure;

/// <summary>Writes <c>deploy.sh</c>: the script of <c>deploy.sh.txt</c> with the machine as literals in it.</summary>
public static class AzureScript
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "deploy.sh";

    private const string Marker = "# @DEFINITION@";

    /// <summary>The script. Pure ASCII.</summary>
    public static string Write(PublishMachine command)
    {
        ArgumentNullException.ThrowIfNull(command);
        using var stream = typeof(AzureScript).Assembly.GetManifestResourceStream("deploy.sh.txt")
            ?? throw new InvalidOperationException("The script's text is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Replace(Marker, Definition(command), StringComparison.Ordinal);
    }

    private static string Definition(PublishMachine command)
    {
        var machine = command.Machine;
        var disks = command.Disks.OrderBy(disk => disk.Disk).ToArray();
        var nics = Math.Max(1, machine.Nics.Count);
        var size = AzureSize.Smallest(machine.Processors, machine.MemoryMiB, disks.Length - 1, nics);
        string[] lines =
        [
            "name=" + ShellLiteral.Of(AzureName.Of(machine.Name)),
            "os_type=" + ShellLiteral.Of(GuestFamilies.Of(command) == GuestFamily.Windows ? "Windows" : "Linux"),
            "generation=" + ShellLiteral.Of(machine.Firmware == Firmware.Uefi ? "V2" : "V1"),
            "size=" + ShellLiteral.Of(size?.Name ?? ""),
            "conversion=" + ShellLiteral.Of(command.ConversionId.ToString("D")),
            "nics=" + ShellLiteral.Of(nics),
            $"files=({string.Join(' ', disks.Select(disk => ShellLiteral.Of(disk.Image)))})",
            $"bytes=({string.Join(' ', disks.Select(disk => ShellLiteral.Of(disk.ImageBytes)))})",
        ];
        return string.Join('\n', lines);
    }
}
