using System.Globalization;

namespace Ferry.Hives;

/// <summary>A hive that cannot be read, recovered or edited. Its <see cref="Code"/> is stable and listed in docs/errors.md. Wrong calls are <see cref="ArgumentException"/>s.</summary>
public sealed class HiveException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">One of the codes in <see cref="HiveErrors"/>.</param>
    /// <param name="message">What happened and what to do, without the place.</param>
    /// <param name="file">The file concerned, or null.</param>
    /// <param name="offset">The file offset concerned in bytes, or null.</param>
    public HiveException(string code, string message, string? file = null, long? offset = null)
        : base(message)
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

    /// <summary>The place in words, <c>SYSTEM at offset 4128</c>, or an empty string.</summary>
    public string Where => (File, Offset) switch
    {
        (null, _) => "",
        (_, null) => File,
        _ => string.Create(CultureInfo.InvariantCulture, $"{File} at offset {Offset}"),
    };
}
