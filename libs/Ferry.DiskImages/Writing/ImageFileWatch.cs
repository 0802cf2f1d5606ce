namespace Ferry.DiskImages.Writing;

/// <summary>
/// Sees what is about to be done to the files that are written, in order, and may end it by throwing: for tests of what a crash leaves behind. The files that are
/// opened within an asynchronous flow are watched by what <see cref="Current"/> is there; there is none outside of tests.
/// </summary>
internal abstract class ImageFileWatch
{
    private static readonly AsyncLocal<ImageFileWatch?> Ambient = new();

    /// <summary>The watch of this asynchronous flow.</summary>
    internal static ImageFileWatch? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Bytes are about to be written.</summary>
    internal abstract void Writing(string path, long offset, ReadOnlySpan<byte> data);

    /// <summary>The length is about to be set.</summary>
    internal abstract void SettingLength(string path, long length);

    /// <summary>Content is about to be made durable.</summary>
    internal abstract void Flushing(string path);

    /// <summary>A file is about to be removed.</summary>
    internal abstract void Deleting(string path);

    /// <summary>A file is about to get another name.</summary>
    internal abstract void Moving(string path, string name);

    /// <summary>The names in the folder of a file are about to be made durable.</summary>
    internal abstract void FlushingFolder(string path);
}
