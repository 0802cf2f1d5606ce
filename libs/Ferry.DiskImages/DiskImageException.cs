namespace Ferry.DiskImages;

/// <summary>
/// The family of exceptions of this library. What is wrong with an image is an <see cref="InvalidDiskImageException"/>, what cannot be handled an
/// <see cref="UnsupportedDiskImageException"/>; this class itself stands for what the operating system or the network did (<see cref="DiskImageErrors.InputOutput"/>,
/// <see cref="DiskImageErrors.NoSpace"/>, <see cref="DiskImageErrors.SourceChanged"/>, <see cref="DiskImageErrors.Exists"/>).
/// Its <see cref="Code"/> is stable and listed in docs/errors.md.
/// </summary>
public class DiskImageException : Exception
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

    /// <summary>The exception of the family that belongs to a code.</summary>
    internal static DiskImageException Create(string code, string message, string? file = null, long? offset = null, Exception? inner = null) => code switch
    {
        DiskImageErrors.UnknownFormat or DiskImageErrors.UnsupportedVariant => new UnsupportedDiskImageException(code, message, file, offset, inner),
        DiskImageErrors.InputOutput or DiskImageErrors.NoSpace or DiskImageErrors.SourceChanged or DiskImageErrors.Exists =>
            new DiskImageException(code, message, file, offset, inner),
        _ => new InvalidDiskImageException(code, message, file, offset, inner),
    };
}
