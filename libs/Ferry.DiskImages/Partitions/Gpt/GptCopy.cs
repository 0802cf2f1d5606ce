namespace Ferry.DiskImages.Partitions.Gpt;

/// <summary>One of the two copies of a GPT, checked.</summary>
/// <param name="Header">The header.</param>
/// <param name="Entries">All entries as they are on the disk.</param>
internal sealed record GptCopy(GptHeader Header, byte[] Entries);
