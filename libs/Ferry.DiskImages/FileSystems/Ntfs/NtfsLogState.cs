using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Ntfs;

/// <summary>
/// Tells from the two restart pages at the start of $LogFile whether the volume was dismounted cleanly (Linux-NTFS documentation, "$LogFile"). A log that
/// was emptied is all 0xFF. Windows 8 and later raise the log's version while a volume is mounted, and leave it so when they hibernate or shut down fast.
/// </summary>
internal static class NtfsLogState
{
    private const int MostPageSize = 64 * 1024;
    private const ushort NoClient = 0xffff;
    private const ushort CleanFlag = 2;
    private const int AreaSize = 48;

    private static ReadOnlySpan<byte> Magic => "RSTR"u8;

    /// <summary>Whether the log says that nothing has to be replayed.</summary>
    internal static async ValueTask<bool> IsCleanAsync(NtfsStream log, CancellationToken cancellationToken)
    {
        var head = new byte[Math.Min(2 * MostPageSize, log.Length)];
        await log.ReadAsync(0, head, cancellationToken).ConfigureAwait(false);
        if (head.Length < 2 * 512)
        {
            return false;
        }

        if (!head.AsSpan().ContainsAnyExcept((byte)0xff))
        {
            return true;
        }

        var pageSize = head.AsSpan().StartsWith(Magic) ? BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(16)) : 0;
        if (!uint.IsPow2(pageSize) || pageSize is < 512 or > MostPageSize || 2 * pageSize > head.Length)
        {
            return false;
        }

        var first = Read(head.AsSpan(0, (int)pageSize));
        var second = Read(head.AsSpan((int)pageSize, (int)pageSize));
        // The pages are written in turn. One that is damaged may have been the newer one.
        return first is { } a && second is { } b && (a.Number >= b.Number ? a.IsClean : b.IsClean) && (a.Number != b.Number || a.IsClean == b.IsClean);
    }

    /// <summary>Reads a restart page: header, and restart area at the place that offset 24 says.</summary>
    /// <returns>The area's log sequence number, and whether it says that the volume is clean; null when the page is damaged.</returns>
    private static (ulong Number, bool IsClean)? Read(Span<byte> page)
    {
        if (!page.StartsWith(Magic) || !NtfsFixups.Apply(page))
        {
            return null;
        }

        var offset = BinaryPrimitives.ReadUInt16LittleEndian(page[24..]);
        if (offset > page.Length - AreaSize)
        {
            return null;
        }

        var major = BinaryPrimitives.ReadInt16LittleEndian(page[28..]);
        var area = page[offset..];
        var (client, flags) = (BinaryPrimitives.ReadUInt16LittleEndian(area[12..]), BinaryPrimitives.ReadUInt16LittleEndian(area[14..]));
        return (BinaryPrimitives.ReadUInt64LittleEndian(area), major == 1 && (client == NoClient || (flags & CleanFlag) != 0));
    }
}
