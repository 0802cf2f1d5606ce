using Ferry.Hosting.Documents;

namespace Ferry.Transfer.Slots;

/// <summary>One slot of a scope: the right to one connection, leased to one job at a time.</summary>
public sealed class SlotDocument : IDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("transfer.slots", ["scope", "claimableAt"]);

    /// <summary>Scope and number.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>Host and port of a source, or <see cref="SlotPool.Everywhere"/>.</summary>
    public required string Scope { get; set; }

    /// <summary>Number in the scope, from 0; a slot whose number is not below the limit is not given out.</summary>
    public required int Number { get; set; }

    /// <summary>The job that holds or held it.</summary>
    public required string Holder { get; set; }

    /// <summary>Fencing token: counted up whenever it is given out.</summary>
    public long Epoch { get; set; }

    /// <summary>End of the lease by the store's clock; a time in the past when it is free.</summary>
    public required DateTimeOffset ClaimableAt { get; set; }
}
