namespace Ferry.DiskImages.Writing;

/// <summary>Waiting for others who have a file open for a moment.</summary>
/// <param name="path">The file.</param>
internal sealed class Patience(string path)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private TimeSpan _waited;

    /// <summary>Waits a moment.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.InputOutput"/> when that has been done for too long.</exception>
    internal async ValueTask PauseAsync(CancellationToken cancellationToken)
    {
        if (_waited > Longest)
        {
            throw new DiskImageException(DiskImageErrors.InputOutput, "Another program keeps the image open; close it and repeat the command.", path);
        }

        await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        _waited += Pause;
    }
}
