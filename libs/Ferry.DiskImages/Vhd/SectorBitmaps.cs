using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhd;

/// <summary>
/// The sector bitmaps of an image's blocks (VHD 1.0, "Data Blocks"): a set bit, the highest of a byte first, means that the sector is the image's own.
/// Read 512 bytes at a time and kept in a bounded cache of immutable pages, so that readers need no lock.
/// </summary>
internal sealed class SectorBitmaps(IByteSource source)
{
    private const int PageSize = 512;
    private const int SectorsPerPage = PageSize * 8;
    private const int SlotBits = 11;
    private const byte AllOwn = byte.MaxValue;

    private static readonly byte[] OwnPage = [.. Enumerable.Repeat(AllOwn, PageSize)];

    private readonly Page?[] _pages = new Page?[1 << SlotBits];

    /// <summary>How far what is true of a sector - own or not - is true of those behind it.</summary>
    /// <param name="bitmapOffset">Where the block's bitmap stands.</param>
    /// <param name="sector">The sector within the block.</param>
    /// <param name="limit">Number of sectors to look at, at least 1.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    internal ValueTask<(bool IsOwn, int Sectors)> FindRunAsync(long bitmapOffset, long sector, long limit, CancellationToken cancellationToken)
    {
        var offset = bitmapOffset + (sector / SectorsPerPage * PageSize);
        var first = (int)(sector % SectorsPerPage);
        var end = (int)Math.Min(SectorsPerPage, first + limit);
        var page = Volatile.Read(ref _pages[SlotOf(offset)]);
        return page?.Offset == offset ? new(RunIn(page.Bits, first, end)) : LoadAsync(offset, first, end, cancellationToken);
    }

    private static int SlotOf(long offset) => (int)((ulong)(offset / PageSize) * 0x9E3779B97F4A7C15 >> (64 - SlotBits));

    private static (bool IsOwn, int Sectors) RunIn(byte[] bits, int first, int end)
    {
        var own = IsSet(bits, first);
        var same = own ? AllOwn : (byte)0;
        var at = first + 1;
        while (at < end)
        {
            if (at % 8 == 0 && bits[at / 8] == same)
            {
                var rest = bits.AsSpan(at / 8, (end - at + 7) / 8);
                var equal = rest.IndexOfAnyExcept(same);
                at += (equal < 0 ? rest.Length : equal) * 8;
            }
            else if (IsSet(bits, at) == own)
            {
                at++;
            }
            else
            {
                break;
            }
        }

        return (own, Math.Min(at, end) - first);
    }

    private static bool IsSet(byte[] bits, int sector) => (bits[sector / 8] & (0x80 >> (sector % 8))) != 0;

    private async ValueTask<(bool IsOwn, int Sectors)> LoadAsync(long offset, int first, int end, CancellationToken cancellationToken)
    {
        var bits = new byte[PageSize];
        await source.ReadAsync(offset, bits, cancellationToken).ConfigureAwait(false);
        bits = bits.AsSpan().SequenceEqual(OwnPage) ? OwnPage : bits;
        Volatile.Write(ref _pages[SlotOf(offset)], new Page(offset, bits));
        return RunIn(bits, first, end);
    }

    private sealed record Page(long Offset, byte[] Bits);
}
