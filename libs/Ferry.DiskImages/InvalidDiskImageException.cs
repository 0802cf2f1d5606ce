namespace Ferry.DiskImages;

/// <summary>
/// An image that is damaged, incomplete, contradicts its specification or names what it may not name (<see cref="DiskImageErrors.Corrupt"/>, <see cref="DiskImageErrors.Truncated"/>,
/// <see cref="DiskImageErrors.ForbiddenReference"/>, <see cref="DiskImageErrors.MissingFile"/>, <see cref="DiskImageErrors.Incomplete"/>).
/// </summary>
/// <param name="code">One of the codes above.</param>
/// <param name="message">What happened and what to do, without the place.</param>
/// <param name="file">The file concerned, or null.</param>
/// <param name="offset">The file offset concerned in bytes, or null.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class InvalidDiskImageException(string code, string message, string? file = null, long? offset = null, Exception? inner = null)
    : DiskImageException(code, message, file, offset, inner);
