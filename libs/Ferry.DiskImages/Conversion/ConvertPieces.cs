namespace Ferry.DiskImages.Conversion;

/// <summary>Hands the data of a disk out to workers, piece by piece in the order of the disk.</summary>
internal sealed class ConvertPieces : IAsyncDisposable
{

    private readonly CancellationToken _stop;
    private readonly long _capacity;
    private readonly int _alignment;
    private readonly IAsyncEnumerator<DiskExtent> _extents;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Task _previous = Task.CompletedTask;

    /// <summary>Data that has been found and not been handed out, widened to whole alignment units.</summary>
    private long _start;
    private long _end;

    /// <summary>Creates the hand-out.</summary>
    /// <param name="reader">The disk.</param>
    /// <param name="size">Largest piece in bytes, a power of 2; a larger alignment counts instead.</param>
    /// <param name="alignment">Pieces begin and end at multiples of this many bytes, a power of 2, or at the end of the disk.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    internal ConvertPieces(IDiskImageReader reader, int size, int alignment, CancellationToken cancellationToken)
    {
        _stop = cancellationToken;
        _capacity = reader.Capacity;
        _alignment = alignment;
        _extents = reader.GetExtentsAsync(0, reader.Capacity, cancellationToken).GetAsyncEnumerator(cancellationToken);
        Size = Math.Max(size, alignment);
    }

    /// <summary>Largest piece in bytes; pieces never cross a multiple of it.</summary>
    internal int Size { get; }

    /// <summary>The next piece, or null at the end.</summary>
    internal async ValueTask<ConvertPiece?> TakeAsync()
    {
        await _gate.WaitAsync(_stop).ConfigureAwait(false);
        try
        {
            while (_start >= _end)
            {
                if (!await _extents.MoveNextAsync().ConfigureAwait(false))
                {
                    return null;
                }

                Widen(_extents.Current);
            }

            var length = (int)Math.Min(_end - _start, Size - (_start % Size));
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var piece = new ConvertPiece(_start, length, _previous, turn);
            _previous = turn.Task;
            _start += length;
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

    private void Widen(DiskExtent extent)
    {
        if (extent.Kind == ExtentKind.Data)
        {
            // What an earlier extent's last unit covered has been handed out with it.
            _start = Math.Max(_end, extent.Offset - (extent.Offset % _alignment));
            _end = Math.Max(_end, Math.Min(_capacity, (extent.End + _alignment - 1) / _alignment * _alignment));
        }
    }
}
