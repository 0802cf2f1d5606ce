using Ferry.Contracts.Machines;

namespace Ferry.Fixup.Planning;

/// <summary>Where the guest goes.</summary>
/// <param name="Platform">Name of the platform: <c>hyperv</c>, <c>kvm</c>, <c>azure</c>.</param>
/// <param name="Generation">Hyper-V generation that was asked for, or null.</param>
/// <param name="Machine">The machine, with its adapters' MAC addresses, which it keeps.</param>
public sealed record FixupTarget(string Platform, int? Generation, MachineDescription Machine)
{
    /// <summary>Scripts that the guest runs once, in this order.</summary>
    public IReadOnlyList<FirstBootScript> FirstBootScripts { get; init; } = [];

    /// <summary>Folder on the worker with packages that are offered to guests (<see cref="GuestPackages"/>), or null.</summary>
    public string? PackageFolder { get; init; }
}
