using System.Runtime.CompilerServices;

namespace Ferry.DiskImages.Metadata;

/// <summary>Joins neighbouring extents of one kind.</summary>
internal static class ExtentMerger
{
    /// <summary>The same ranges with as few extents as possible.</summary>
    internal static async IAsyncEnumerable<DiskExtent> MergeAsync(
        this IAsyncEnumerable<DiskExtent> extents, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        DiskExtent pending = default;
        await foreach (var extent in extents.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (pending.Length > 0 && pending.Kind == extent.Kind && pending.End == extent.Offset)
            {
                pending = pending with { Length = pending.Length + extent.Length };
                continue;
            }

            if (pending.Length > 0)
            {
                yield return pending;
            }

            pending = extent;
        }

        if (pending.Length > 0)
        {
            yield return pending;
        }
    }
}
