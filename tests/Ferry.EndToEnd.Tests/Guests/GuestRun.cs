namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>What is done with a guest, as the columns of the table.</summary>
public enum GuestRun
{
    /// <summary>Converted for KVM and started as its <c>domain.xml</c> says.</summary>
    Kvm,

    /// <summary>Converted for Hyper-V and started on what QEMU has that comes next to it.</summary>
    HyperV,

    /// <summary>The initial RAM disk of the guest for Hyper-V, unpacked: the drivers with all that they need.</summary>
    Drivers,

    /// <summary>Converted for KVM without the fix-up, and started on the same virtio devices.</summary>
    WithoutFixup,
}
