using System.ComponentModel.DataAnnotations;
using Ferry.Fixup.Appliance;

namespace Ferry.Fixup.Rehearsal;

/// <summary>How machines are started for a rehearsal, and for a first boot before the move.</summary>
public sealed class RehearsalOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Fixup:Rehearsal";

    private static readonly TimeSpan Accelerated = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Emulated = TimeSpan.FromMinutes(20);

    /// <summary>How long a guest may take until it shows how its start ended; null: 5 minutes with KVM, 20 without.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>How long a first boot may take until the guest has switched itself off; null: three times as long as a rehearsal.</summary>
    public TimeSpan? FirstBootTimeout { get; set; }

    /// <summary>Most memory in MiB that a machine gets; one with less gets what it has.</summary>
    [Range(256, 1 << 20)]
    public int MemoryMiB { get; set; } = 2048;

    /// <summary>Most processors that a machine gets.</summary>
    [Range(1, 64)]
    public int Processors { get; set; } = 2;

    /// <summary>Folder, or several with a colon between them, in which UEFI's files (<c>OVMF_CODE.fd</c> and the like) are looked for first.</summary>
    public string? FirmwareFolders { get; set; }

    /// <summary>The QEMU program; null: that of the guest appliances.</summary>
    public string? Qemu { get; set; }

    /// <summary>The time limit of a rehearsal.</summary>
    internal TimeSpan Limit(Acceleration acceleration) => Timeout ?? (acceleration == Acceleration.Kvm ? Accelerated : Emulated);

    /// <summary>The time limit of a first boot.</summary>
    internal TimeSpan FirstBootLimit(Acceleration acceleration) => FirstBootTimeout ?? Limit(acceleration) * 3;
}
