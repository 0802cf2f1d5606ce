namespace Ferry.DiskImages.Conversion;

/// <summary>Hands the data of a disk out to workers, piece by piece in the order of the disk.</summary>
internal sealed class ConvertPieces(IDiskImageReader reader, CancellationToken cancellationToken) : IAsyncDisposable
{
    /// <summary>Largest piece; pieces never cross a multiple of it.</summary>
    internal const int Size = 1 << 20;

    private readonly IAsyncEnumerator<DiskExtent> _extents = reader.GetExtentsAsync(0, reader.Capacity, cancellationToken).GetAsyncEnumerator(cancellationToken);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private DiskExtent _rest;
    private Task _previous = Task.CompletedTask;

    /// <summary>The next piece, or null at the end.</summary>
    internal async ValueTask<ConvertPiece?> TakeAsync()
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (_rest.Length == 0 || _rest.Kind != ExtentKind.Data)
            {
                if (!await _extents.MoveNextAsync().ConfigureAwait(false))
                {
                    return null;
                }

                _rest = _extents.Current;
            }

            var length = (int)Math.Min(_rest.Length, Size - (_rest.Offset % Size));
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var piece = new ConvertPiece(_rest.Offset, length, _previous, turn);
            _previous = turn.Task;
            _rest = _rest with { Offset = _rest.Offset + length, Length = _rest.Length - length };
            return piece;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _extents.DisposeAsync().ConfigureAwait(false);
        _gate.Dispose();
    }
}
