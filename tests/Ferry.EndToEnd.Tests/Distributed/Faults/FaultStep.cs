namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>Where in a conversion a fault strikes.</summary>
public enum FaultStep
{
    /// <summary>The source is described.</summary>
    Capture,

    /// <summary>Its bytes are moved.</summary>
    Transfer,

    /// <summary>The guest is made to fit.</summary>
    Fixup,

    /// <summary>The image is written and published.</summary>
    Conversion,

    /// <summary>What the conversion held is released.</summary>
    Cleanup,
}
