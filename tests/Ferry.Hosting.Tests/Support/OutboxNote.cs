using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;

namespace Ferry.Hosting.Tests.Support;

/// <summary>A document that carries messages and nothing else.</summary>
public sealed class OutboxNote : IOutboxDocument
{
    public static readonly CollectionDefinition Collection = new("test.notes", ["hasPending"]);

    public required string Id { get; set; }

    public long Version { get; set; }

    public List<PendingMessage> Pending { get; set; } = [];

    public bool HasPending => Pending.Count > 0;
}
