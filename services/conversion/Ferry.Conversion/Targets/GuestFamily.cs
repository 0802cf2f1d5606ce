namespace Ferry.Conversion.Targets;

/// <summary>What a target has to know of the guest.</summary>
public enum GuestFamily
{
    /// <summary>Nothing is known, or it is neither of the others.</summary>
    Unknown,

    /// <summary>Linux.</summary>
    Linux,

    /// <summary>Windows.</summary>
    Windows,
}
