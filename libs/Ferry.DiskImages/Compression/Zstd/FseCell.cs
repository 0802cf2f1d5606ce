namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>One state of an FSE decoding table (RFC 8878 section 4.1.1), with what its symbol stands for.</summary>
/// <param name="Value">The symbol, or the baseline of the code that it is.</param>
/// <param name="NextState">The next state before its bits are added.</param>
/// <param name="StateBits">Bits to read for the next state.</param>
/// <param name="ExtraBits">Bits to read and add to <paramref name="Value"/>.</param>
internal readonly record struct FseCell(uint Value, ushort NextState, byte StateBits, byte ExtraBits);
