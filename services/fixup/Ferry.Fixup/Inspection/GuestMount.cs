namespace Ferry.Fixup.Inspection;

/// <summary>A file system at its place in the guest's tree.</summary>
/// <param name="Path">Mount point.</param>
/// <param name="FileSystem">The file system.</param>
public sealed record GuestMount(string Path, GuestFileSystem FileSystem);
