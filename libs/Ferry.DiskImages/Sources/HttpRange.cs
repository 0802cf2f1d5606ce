namespace Ferry.DiskImages.Sources;

/// <summary>What a server says about a file.</summary>
/// <param name="Total">Length in bytes.</param>
/// <param name="Version">Strong ETag, else Last-Modified in its HTTP form, else null.</param>
internal readonly record struct HttpRange(long Total, string? Version);
