namespace Ferry.Contracts;

/// <summary>How much a <see cref="Finding"/> matters.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know.</summary>
    Information,

    /// <summary>The conversion goes on, the operator should look.</summary>
    Warning,

    /// <summary>The conversion cannot go on.</summary>
    Error,
}
