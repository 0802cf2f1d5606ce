namespace Ferry.Fixup.Appliance;

/// <summary>What runs the appliance's processor.</summary>
internal enum Acceleration
{
    /// <summary>QEMU emulates it: works everywhere, and starts several times slower.</summary>
    Tcg,

    /// <summary>The host's own processor, by KVM.</summary>
    Kvm,
}
