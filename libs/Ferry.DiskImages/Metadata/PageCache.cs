using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Metadata;

/// <summary>
/// Bounded cache of table pages, one for all files of an image. Two-way: a page has two places, a new one pushes the old one to the second place.
/// Pages are immutable, so readers need no lock.
/// </summary>
internal sealed class PageCache
{
    private const int Slots = 512;

    private readonly MetadataPage?[] _pages = new MetadataPage?[Slots];

    /// <summary>The page when it is there.</summary>
    internal MetadataPage? Find(IByteSource source, long number)
    {
        var slot = SlotOf(source, number);
        return Match(slot, source, number) ?? Match(slot ^ 1, source, number);
    }

    /// <summary>Keeps a page.</summary>
    internal void Add(MetadataPage page)
    {
        var slot = SlotOf(page.Source, page.Number);
        var old = Volatile.Read(ref _pages[slot]);
        if (old is not null)
        {
            Volatile.Write(ref _pages[slot ^ 1], old);
        }

        Volatile.Write(ref _pages[slot], page);
    }

    private static int SlotOf(IByteSource source, long number) =>
        (int)(((ulong)number + (uint)System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(source)) % Slots);

    private MetadataPage? Match(int slot, IByteSource source, long number)
    {
        var page = Volatile.Read(ref _pages[slot]);
        return page is not null && page.Number == number && ReferenceEquals(page.Source, source) ? page : null;
    }
}
