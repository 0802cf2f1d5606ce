namespace Ferry.Conversion.Targets.HyperV;

/// <summary>A finished image, as the definition refers to it.</summary>
/// <param name="File">File name beside the definition.</param>
/// <param name="CapacityBytes">Size of the virtual disk in bytes.</param>
/// <param name="FileBytes">Size of the file in bytes, or null.</param>
/// <param name="FileSha256">SHA-256 of the file in hexadecimal digits, or null.</param>
public sealed record HyperVImage(string File, long CapacityBytes, long? FileBytes = null, string? FileSha256 = null);
