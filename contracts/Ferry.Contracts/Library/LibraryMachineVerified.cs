namespace Ferry.Contracts.Library;

/// <summary>Event of transfer: a machine of the library was read and compared with what was written.</summary>
public sealed record LibraryMachineVerified
{
    /// <summary>Name of the machine.</summary>
    public required string Name { get; init; }

    /// <summary>The result.</summary>
    public required LibraryVerificationView Verification { get; init; }
}
