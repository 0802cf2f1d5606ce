namespace Ferry.DiskImages.Vmdk;

/// <summary>One extent line of a descriptor.</summary>
/// <param name="Kind">Type of the extent.</param>
/// <param name="Sectors">Size in sectors.</param>
/// <param name="FileName">File, or null for <see cref="VmdkExtentKind.Zero"/>.</param>
/// <param name="OffsetSectors">Where a flat extent begins in its file.</param>
/// <param name="Line">Line number in the descriptor, from 1.</param>
internal sealed record VmdkExtentLine(VmdkExtentKind Kind, ulong Sectors, string? FileName, ulong OffsetSectors, int Line);
