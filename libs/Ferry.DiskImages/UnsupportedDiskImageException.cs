namespace Ferry.DiskImages;

/// <summary>
/// An image of a format or variant that this library does not handle (<see cref="DiskImageErrors.UnknownFormat"/>, <see cref="DiskImageErrors.UnsupportedVariant"/>).
/// </summary>
/// <param name="code">One of the codes above.</param>
/// <param name="message">What happened and what to do, without the place.</param>
/// <param name="file">The file concerned, or null.</param>
/// <param name="offset">The file offset concerned in bytes, or null.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class UnsupportedDiskImageException(string code, string message, string? file = null, long? offset = null, Exception? inner = null)
    : DiskImageException(code, message, file, offset, inner);
