using Ferry.Hives;

namespace Ferry.Fixup.Planning;

/// <summary>One change of a registry hive. Pure data: several rules edit one hive, which is written once.</summary>
public sealed record RegistryEdit
{
    /// <summary>Canonical path of the hive's file in the guest.</summary>
    public required string Hive { get; init; }

    /// <summary>What is done.</summary>
    public required RegistryAction Action { get; init; }

    /// <summary>The key, from below the hive's root, with \ between names.</summary>
    public required string Key { get; init; }

    /// <summary>The value's name, empty for the default value; not used when a key is deleted.</summary>
    public string Value { get; init; } = "";

    /// <summary>Type that the value gets.</summary>
    public HiveValueType Type { get; init; }

    /// <summary>Data that the value gets.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>What the report says: old and new.</summary>
    public required string Summary { get; init; }
}
