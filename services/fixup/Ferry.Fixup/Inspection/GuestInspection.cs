using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Guests.Windows;

namespace Ferry.Fixup.Inspection;

/// <summary>What a machine's disks say about its guest system.</summary>
public sealed record GuestInspection
{
    /// <summary><c>linux</c>, <c>windows</c>, or <c>unknown</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Distribution id of os-release.</summary>
    public string Distribution { get; init; } = "";

    /// <summary>Version of os-release.</summary>
    public string Version { get; init; } = "";

    /// <summary>Name for people.</summary>
    public string PrettyName { get; init; } = "";

    /// <summary>Processor architecture: <c>x86_64</c>, <c>i386</c>, <c>aarch64</c>, or empty.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Firmware that the guest boots with.</summary>
    public Firmware Firmware { get; init; }

    /// <summary>Boot loader: <c>grub2</c>, <c>grub1</c>, or empty.</summary>
    public string BootLoader { get; init; } = "";

    /// <summary>What a Windows says about itself; null for other systems.</summary>
    public WindowsGuest? Windows { get; init; }

    /// <summary>Disks in the machine's order.</summary>
    public IReadOnlyList<GuestDisk> Disks { get; init; } = [];

    /// <summary>All file systems.</summary>
    public IReadOnlyList<GuestFileSystem> FileSystems { get; init; } = [];

    /// <summary>The guest's tree, root first.</summary>
    public IReadOnlyList<GuestMount> Mounts { get; init; } = [];

    /// <summary>Kernels, newest name last.</summary>
    public IReadOnlyList<GuestKernel> Kernels { get; init; } = [];

    /// <summary>What the operator should know; one error is enough to refuse.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
