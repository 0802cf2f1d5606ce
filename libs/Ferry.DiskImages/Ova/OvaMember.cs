namespace Ferry.DiskImages.Ova;

/// <summary>A file in an OVA.</summary>
/// <param name="Name">Its name; a plain file name.</param>
/// <param name="Offset">Where its bytes begin in the archive.</param>
/// <param name="Length">Number of bytes.</param>
public sealed record OvaMember(string Name, long Offset, long Length);
