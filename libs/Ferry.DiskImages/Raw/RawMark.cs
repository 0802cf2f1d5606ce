using System.Text;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Raw;

/// <summary>
/// A raw file has no place for an incomplete mark, so a file <c>NAME.incomplete</c> with the digest of the plan or delta stands beside it as long as it is being
/// written; the readers of this library refuse the image as long as it does.
/// </summary>
internal static class RawMark
{
    /// <summary>Extension of the mark.</summary>
    internal const string Extension = ".incomplete";

    private const string DeltaPrefix = "delta ";
    private const int LongestText = 80;

    /// <summary>What the mark of a plan holds.</summary>
    internal static string OfPlan(string digest) => digest;

    /// <summary>What the mark of a delta holds.</summary>
    internal static string OfDelta(string digest) => DeltaPrefix + digest;

    /// <summary>The text of a mark: null when there is none, empty when it was torn, so that nothing can have been changed under it.</summary>
    internal static string? Find(string imagePath)
    {
        var path = imagePath + Extension;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Span<byte> bytes = stackalloc byte[LongestText];
            var text = Encoding.ASCII.GetString(bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)]);
            return ImageRecord.IsId(text.StartsWith(DeltaPrefix, StringComparison.Ordinal) ? text[DeltaPrefix.Length..] : text) ? text : "";
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiskImageException(DiskImageErrors.InputOutput, $"The mark of the image cannot be read: {e.Message}", path, inner: e);
        }
    }

    /// <summary>Sets the mark, durably.</summary>
    internal static async ValueTask SetAsync(string imagePath, string text, CancellationToken cancellationToken)
    {
        using var file = ImageFile.OpenOrCreate(imagePath + Extension);
        file.Write(0, Encoding.ASCII.GetBytes(text));
        file.SetLength(text.Length);
        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        file.FlushFolder();
    }

    /// <summary>Takes the mark away.</summary>
    internal static void Remove(string imagePath, bool durable)
    {
        ImageFile.Delete(imagePath + Extension);
        if (durable)
        {
            ImageFile.FlushFolderOf(imagePath);
        }
    }

    /// <summary>Refuses an image that has a mark beside it.</summary>
    internal static void Refuse(LocalImageFiles files, string name)
    {
        if (files.Exists(name + Extension))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Incomplete, $"{name}{Extension} says that the image was not finished; repeat the conversion.", name);
        }
    }
}
