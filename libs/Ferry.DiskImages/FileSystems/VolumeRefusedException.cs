namespace Ferry.DiskImages.FileSystems;

/// <summary>The used blocks of a volume cannot be told. Never leaves the library: it becomes a finding, and the whole volume counts as used.</summary>
/// <param name="code">One of <see cref="VolumeFindings"/>.</param>
/// <param name="message">What was found, in a sentence.</param>
internal sealed class VolumeRefusedException(string code, string message) : Exception(message)
{
    /// <summary>One of <see cref="VolumeFindings"/>.</summary>
    internal string Code { get; } = code;

    /// <summary>For structures that contradict one another.</summary>
    internal static VolumeRefusedException Inconsistent(string message) => new(VolumeFindings.Inconsistent, message);

    /// <summary>For features without a map.</summary>
    internal static VolumeRefusedException Unsupported(string message) => new(VolumeFindings.Unsupported, message);

    /// <summary>For file systems that were not unmounted cleanly.</summary>
    internal static VolumeRefusedException Dirty(string message) => new(VolumeFindings.Dirty, message);
}
