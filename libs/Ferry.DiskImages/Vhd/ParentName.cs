using System.Text;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhd;

/// <summary>
/// The file name of a differencing image's parent (VHD 1.0, "Identification of the Parent Hard Disk Image"). Parents are looked up beside the image only,
/// wherever they stood before: the relative path counts when it is a bare name (<c>.\base.vhd</c>), else the last part of the absolute one, else of the
/// header's own name field.
/// </summary>
internal static class ParentName
{
    private const int MaximumLocatorLength = 64 * 1024;

    private static readonly char[] Separators = ['\\', '/'];

    /// <summary>Finds the name; it is not checked for what a file name may not hold.</summary>
    /// <exception cref="DiskImageException">The image names no parent, or its locators are damaged.</exception>
    internal static async ValueTask<string> FindAsync(IByteSource source, DynamicDiskHeader header, CancellationToken cancellationToken)
    {
        var relative = await ReadAsync(source, header, ParentLocatorEntry.WindowsRelative, cancellationToken).ConfigureAwait(false);
        if (relative.StartsWith(@".\", StringComparison.Ordinal) || relative.StartsWith("./", StringComparison.Ordinal))
        {
            relative = relative[2..];
        }

        if (relative.Length > 0 && relative.IndexOfAny(Separators) < 0)
        {
            return relative;
        }

        var absolute = await ReadAsync(source, header, ParentLocatorEntry.WindowsAbsolute, cancellationToken).ConfigureAwait(false);
        foreach (var path in new[] { absolute, UpToEnd(header.ParentName), relative })
        {
            if (path[(path.LastIndexOfAny(Separators) + 1)..] is { Length: > 0 } name)
            {
                return name;
            }
        }

        throw new InvalidDiskImageException(
            DiskImageErrors.Corrupt, $"The image holds only the changes to its parent and does not name it (its id is {header.ParentId}).", source.Name);
    }

    private static async ValueTask<string> ReadAsync(IByteSource source, DynamicDiskHeader header, string platform, CancellationToken cancellationToken)
    {
        foreach (var locator in header.ParentLocators)
        {
            if (locator.PlatformCode != platform || locator.DataLength == 0)
            {
                continue;
            }

            if (locator.DataLength > MaximumLocatorLength || locator.DataOffset > long.MaxValue)
            {
                throw new InvalidDiskImageException(
                    DiskImageErrors.Corrupt, $"The parent locator {platform} of {locator.DataLength} bytes at {locator.DataOffset} is impossible.", source.Name);
            }

            SourceBounds.Require(source, (long)locator.DataOffset, locator.DataLength, "parent locator");
            var bytes = new byte[locator.DataLength];
            await source.ReadAsync((long)locator.DataOffset, bytes, cancellationToken).ConfigureAwait(false);
            return UpToEnd(Encoding.Unicode.GetString(bytes));
        }

        return "";
    }

    private static string UpToEnd(string text) => text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var end ? text[..end] : text;
}
