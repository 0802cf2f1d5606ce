using Ferry.DiskImages;

namespace Ferry.Conversion.Targets;

/// <summary>A target platform.</summary>
/// <param name="Name">Name in requests and on the command line.</param>
/// <param name="Built">Whether machines can be converted to it.</param>
/// <param name="Formats">Image formats that it takes, its own first.</param>
/// <param name="Variant">Variant of its formats that it needs.</param>
public sealed record TargetPlatform(string Name, bool Built, IReadOnlyList<string> Formats, DiskImageVariant Variant = DiskImageVariant.Default);
