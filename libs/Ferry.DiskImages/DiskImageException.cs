namespace Ferry.DiskImages;

/// <summary>
/// The one exception for an image that cannot be read, is damaged, is not allowed or is not supported. Its <see cref="Code"/> is stable and listed in docs/errors.md.
/// </summary>
public sealed class DiskImageException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">One of the codes in <see cref="DiskImageErrors"/>.</param>
    /// <param name="message">What happened and what to do, without the place.</param>
    /// <param name="file">The file concerned, or null.</param>
    /// <param name="offset">The file offset concerned in bytes, or null.</param>
    /// <param name="inner">The cause, or null.</param>
    public DiskImageException(string code, string message, string? file = null, long? offset = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        File = file;
        Offset = offset;
    }

    /// <summary>The stable error code.</summary>
    public string Code { get; }

    /// <summary>The file concerned.</summary>
    public string? File { get; }

    /// <summary>The offset in <see cref="File"/>, in bytes.</summary>
    public long? Offset { get; }

    /// <summary>The place in words, <c>disk.vmdk at offset 512</c>, or an empty string.</summary>
    public string Where => (File, Offset) switch
    {
        (null, _) => "",
        (_, null) => File,
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{File} at offset {Offset}"),
    };
}
