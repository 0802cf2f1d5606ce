namespace Ferry.DiskImages.Vhdx;

/// <summary>What the block allocation table says of a payload block.</summary>
/// <param name="Content">Where its content is.</param>
/// <param name="FileOffset">Where it stands in this file, for <see cref="BlockContent.File"/> and <see cref="BlockContent.Mixed"/>.</param>
internal readonly record struct BlockPlace(BlockContent Content, long FileOffset = 0);
