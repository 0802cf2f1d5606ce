namespace Ferry.Hosting.Documents.Tests;

/// <summary>A document with a field of every kind that is stored.</summary>
public sealed class ParcelDocument : IDocument
{
    public required string Id { get; set; }

    public long Version { get; set; }

    public string? Name { get; set; }

    public ParcelState State { get; set; }

    public int Priority { get; set; }

    public long Weight { get; set; }

    public double Rate { get; set; }

    public bool Fragile { get; set; }

    public Guid Customer { get; set; }

    public DateTimeOffset ReadyAt { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    public string? Owner { get; set; }

    public long Epoch { get; set; }

    public byte[]? Seal { get; set; }

    public List<string> Labels { get; set; } = [];

    public Dictionary<string, long> Counts { get; set; } = [];

    public ParcelAddress? Address { get; set; }

    public bool IsHeavy => Weight > 1000;
}
