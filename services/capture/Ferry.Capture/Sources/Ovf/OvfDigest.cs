namespace Ferry.Capture.Sources.Ovf;

/// <summary>A file's digest as an .mf file gives it.</summary>
/// <param name="Algorithm"><c>SHA1</c>, <c>SHA256</c> or <c>SHA512</c>.</param>
/// <param name="Hex">The digest in upper-case hexadecimal digits.</param>
public sealed record OvfDigest(string Algorithm, string Hex);
