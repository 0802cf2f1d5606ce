namespace Ferry.Capture.Sources;

/// <summary>Kind of a source, found by its content.</summary>
public enum SourceKind
{
    /// <summary>VMware's machine file.</summary>
    Vmx,

    /// <summary>An OVF descriptor with its files beside it.</summary>
    Ovf,

    /// <summary>An OVF package in one tar archive.</summary>
    Ova,

    /// <summary>A disk image, or something that no descriptor is.</summary>
    Image,
}
