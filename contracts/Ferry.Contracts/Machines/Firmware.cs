namespace Ferry.Contracts.Machines;

/// <summary>What starts a machine.</summary>
public enum Firmware
{
    /// <summary>PC BIOS; Hyper-V generation 1.</summary>
    Bios,

    /// <summary>UEFI; Hyper-V generation 2.</summary>
    Uefi,
}
