namespace Ferry.DiskImages.FileSystems;

/// <summary>Why something on a disk counts as used although it may be free, or what else is worth knowing of its layout.</summary>
/// <param name="Code">One of <see cref="VolumeFindings"/>.</param>
/// <param name="Volume">What it is about, for people: <c>partition 2</c>, <c>vg/root</c>, <c>disk</c>.</param>
/// <param name="Message">What was found, in a sentence.</param>
public sealed record VolumeFinding(string Code, string Volume, string Message);
