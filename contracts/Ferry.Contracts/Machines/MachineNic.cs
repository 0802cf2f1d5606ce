namespace Ferry.Contracts.Machines;

/// <summary>One network adapter of a machine.</summary>
public sealed record MachineNic
{
    /// <summary>Position at the source, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>MAC address, twelve upper-case hexadecimal digits without separators, or null when the source has none yet.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Network that the source connects it to, or null.</summary>
    public string? Network { get; init; }

    /// <summary>Adapter model at the source (<c>vmxnet3</c>, <c>e1000</c>), or null.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it is connected when the machine starts.</summary>
    public bool Connected { get; init; } = true;
}
