namespace Ferry.Chunks.Nbd;

/// <summary>Limits of an <see cref="NbdServer"/>.</summary>
public sealed record NbdServerOptions
{
    /// <summary>The export's name besides the empty one.</summary>
    public string ExportName { get; init; } = "";

    /// <summary>More connections than this at a time are closed at once.</summary>
    public int MaxConnections { get; init; } = 8;

    /// <summary>Requests of one connection that are worked on at a time.</summary>
    public int MaxRequestsPerConnection { get; init; } = 16;

    /// <summary>Buffers of one connection in bytes; at least one request of the largest size fits in any case.</summary>
    public int MaxBufferBytesPerConnection { get; init; } = 40 << 20;

    /// <summary>A client that has not finished the handshake by then is disconnected.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Told of every request that failed in the device; called on any thread.</summary>
    public Action<NbdFault>? OnFault { get; init; }
}
