namespace Ferry.Transfer.Sources;

/// <summary>The bytes of one file of a transfer, wherever they are. Safe for concurrent reads.</summary>
public interface IRemoteSource : IAsyncDisposable
{
    /// <summary>Fills the whole buffer.</summary>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Looks at the source again: it must be what was opened.</summary>
    ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken);
}
