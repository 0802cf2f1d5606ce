namespace Ferry.Capture.Sources.Ovf;

/// <summary>When the disks of an OVF package are compared with its .mf file. The .ovf itself is always compared.</summary>
public enum OvfDigestCheck
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>When the package is a local file; a remote one would be moved twice.</summary>
    Local,

    /// <summary>Always.</summary>
    Always,
}
