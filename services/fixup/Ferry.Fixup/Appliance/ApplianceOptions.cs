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

    /// <summary>Longest life of one appliance that has started, and longest start; it is killed after that.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether KVM is used where it works; false: never, for a host where it seems to work and does not.</summary>
    public bool UseKvm { get; set; } = true;

    /// <summary>Longest start with KVM, which takes some seconds; after that it is tried without.</summary>
    public TimeSpan KvmLaunchTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Folder under which private scratch folders are made; short, because sockets stand in it.</summary>
    public string ScratchRoot { get; set; } = Path.GetTempPath();

    /// <summary>Folder with the packages that are offered to guests (<see cref="Planning.GuestPackages"/>), for example one of the library share; none: none are offered.</summary>
    public string? PackageFolder { get; set; }

    /// <summary>Program and first arguments of the guest worker; empty: this very program.</summary>
    public IList<string> WorkerCommand { get; } = [];
}
