using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Capture.Sources;

/// <summary>Small files of a source, read whole.</summary>
internal static class SourceFiles
{
    /// <summary>Reads a descriptor; one that is larger than the limit is cut there, so that its parser refuses it.</summary>
    public static async Task<byte[]> ReadAsync(IImageFiles files, string name, int most, CancellationToken cancellationToken)
    {
        await using var source = await files.OpenAsync(name, cancellationToken);
        var bytes = new byte[Math.Min(source.Length, most + 1L)];
        await source.ReadAsync(0, bytes, cancellationToken);
        return bytes;
    }

    /// <summary>As the other, but null when the file is not there.</summary>
    public static async Task<byte[]?> TryReadAsync(IImageFiles files, string name, int most, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(files, name, most, cancellationToken);
        }
        catch (DiskImageException e) when (e.Code == DiskImageErrors.MissingFile)
        {
            return null;
        }
    }

    /// <summary>Whether a file is there and may be read.</summary>
    public static async Task<bool> ExistsAsync(IImageFiles files, string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = await files.OpenAsync(name, cancellationToken);
            return true;
        }
        catch (DiskImageException e) when (e.Code == DiskImageErrors.MissingFile)
        {
            return false;
        }
    }
}
