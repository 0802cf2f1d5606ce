namespace Ferry.Conversion.Targets.HyperV;

/// <summary>A network adapter of a Hyper-V machine.</summary>
public sealed record HyperVNic
{
    /// <summary>Name of the adapter in Hyper-V.</summary>
    public required string Name { get; init; }

    /// <summary>Static MAC address, twelve upper-case hexadecimal digits, or null for a dynamic one.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Network that the source connected it to, or null; for the operator, as the switch is chosen at import.</summary>
    public string? SourceNetwork { get; init; }

    /// <summary>Whether it is connected to the switch.</summary>
    public required bool Connected { get; init; }
}
