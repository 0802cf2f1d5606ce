namespace Ferry.Capture.Sources.Ovf;

/// <summary>A disk of an .ovf, with the file that holds it.</summary>
/// <param name="Id">The <c>diskId</c>.</param>
/// <param name="File">File name beside the .ovf, or null for an empty disk.</param>
/// <param name="Capacity">Size in bytes as the .ovf says, or null when it is a property or absent.</param>
internal sealed record OvfDisk(string Id, string? File, long? Capacity);
