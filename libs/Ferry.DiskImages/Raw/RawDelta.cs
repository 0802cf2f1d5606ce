using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Raw;

/// <summary>
/// A delta to a complete raw image: every byte has its place, so that only the mark is needed. A raw image does not record what it holds nor which delta was last
/// applied: one that is repeated is written again, to the same effect.
/// </summary>
internal static class RawDelta
{
    /// <summary>Marks the image, or goes on with the same delta.</summary>
    internal static async ValueTask<IDiskImageWriter> ReopenAsync(string path, DiskImageDelta delta, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux() && UnixFile.TryGetStatus(path) is { Kind: not FileKind.Regular })
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, "Only regular files take a delta, as the mark stands beside them.", path);
        }

        if (delta.BaseContentId is not null)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.ContentDiffers, "A raw image does not record what it holds, so the delta's base cannot be checked; keep the image's pin elsewhere and compare that.", path);
        }

        var wait = new Patience(path);
        while (true)
        {
            var file = await ImageFile.OpenExistingAsync(path, cancellationToken).ConfigureAwait(false);
            try
            {
                var capacity = file.Length;
                var ranges = new PlanRanges(delta, capacity);
                var text = RawMark.OfDelta(PlanDigest.Compute(delta, DiskImageFormat.Raw, capacity, 0, ranges));
                if (IsHeldBy(path, text))
                {
                    return new RawWriter(file, ranges, capacity);
                }

                file.Dispose();
                using var alone = ImageFile.TryOpenAlone(path);
                if (alone is null)
                {
                    await wait.PauseAsync(cancellationToken).ConfigureAwait(false);
                }
                else if (!IsHeldBy(path, text))
                {
                    await RawMark.SetAsync(path, text, cancellationToken).ConfigureAwait(false);
                }
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
    }

    /// <summary>Whether this delta holds the image; false: nobody does.</summary>
    private static bool IsHeldBy(string path, string text) => RawMark.Find(path) switch
    {
        { } found when found == text => true,
        null or "" => false,
        _ => throw new InvalidDiskImageException(
            DiskImageErrors.Incomplete, "Another plan or delta began to write this image and holds it; repeat that one first, or convert again.", path),
    };
}
