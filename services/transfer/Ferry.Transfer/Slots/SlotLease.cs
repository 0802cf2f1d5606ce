namespace Ferry.Transfer.Slots;

/// <summary>The right to one connection to one source: a slot of its host and one of all. Safe for concurrent use.</summary>
public sealed class SlotLease
{
    private volatile bool revoked;

    internal SlotLease(string host, (string Id, long Epoch) hostSlot, (string Id, long Epoch) everywhere, DateTimeOffset since) =>
        (Host, HostSlot, Everywhere, Since) = (host, hostSlot, everywhere, since);

    /// <summary>Host and port of the source.</summary>
    public string Host { get; }

    /// <summary>Whether it has to be given back after the slice that runs: somebody else needs it more, or it is lost.</summary>
    public bool Revoked => revoked;

    /// <summary>Since when it is held, by the store's clock.</summary>
    public DateTimeOffset Since { get; }

    internal (string Id, long Epoch) HostSlot { get; }

    internal (string Id, long Epoch) Everywhere { get; }

    /// <summary>Asks for it back.</summary>
    public void Revoke() => revoked = true;
}
