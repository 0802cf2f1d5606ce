namespace Ferry.Contracts.Library;

/// <summary>The machines of the library, by name.</summary>
public sealed record LibraryPage
{
    /// <summary>The machines.</summary>
    public required IReadOnlyList<LibraryMachineView> Machines { get; init; }
}
