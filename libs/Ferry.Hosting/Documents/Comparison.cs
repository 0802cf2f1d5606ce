namespace Ferry.Hosting.Documents;

/// <summary>How a field is compared with a value.</summary>
public enum Comparison
{
    /// <summary>Equal; null equals a missing field.</summary>
    Equal,

    /// <summary>Not equal.</summary>
    NotEqual,

    /// <summary>Less than.</summary>
    Less,

    /// <summary>Less than or equal.</summary>
    LessOrEqual,

    /// <summary>Greater than.</summary>
    Greater,

    /// <summary>Greater than or equal.</summary>
    GreaterOrEqual,

    /// <summary>Equal to one of the values of an array.</summary>
    In,
}
