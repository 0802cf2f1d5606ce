using System.ComponentModel.DataAnnotations;

namespace Ferry.Fixup.Appliance;

/// <summary>How the appliance that opens guest file systems is run.</summary>
public sealed class ApplianceOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Fixup:Appliance";

    /// <summary>Memory of the appliance in MiB.</summary>
    [Range(512, 16384)]
    public int MemoryMiB { get; set; } = 1024;

    /// <summary>Longest life of one appliance; it is killed after that.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Folder under which private scratch folders are made; short, because sockets stand in it.</summary>
    public string ScratchRoot { get; set; } = Path.GetTempPath();

    /// <summary>Program and first arguments of the guest worker; empty: this very program.</summary>
    public IList<string> WorkerCommand { get; } = [];
}
