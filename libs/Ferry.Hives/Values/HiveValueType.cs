namespace Ferry.Hives;

/// <summary>Types of values. Others occur (device properties) and are kept as they are.</summary>
public enum HiveValueType
{
    /// <summary>No type.</summary>
    None = 0,

    /// <summary>A string.</summary>
    Sz = 1,

    /// <summary>A string with environment variables.</summary>
    ExpandSz = 2,

    /// <summary>Bytes.</summary>
    Binary = 3,

    /// <summary>32 bits.</summary>
    DWord = 4,

    /// <summary>32 bits, the highest byte first.</summary>
    DWordBigEndian = 5,

    /// <summary>The target of a symbolic link.</summary>
    Link = 6,

    /// <summary>Strings.</summary>
    MultiSz = 7,

    /// <summary>Hardware resources.</summary>
    ResourceList = 8,

    /// <summary>Hardware resources.</summary>
    FullResourceDescriptor = 9,

    /// <summary>Hardware resources.</summary>
    ResourceRequirementsList = 10,

    /// <summary>64 bits.</summary>
    QWord = 11,
}
