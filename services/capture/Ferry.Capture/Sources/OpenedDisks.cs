using Ferry.DiskImages;

namespace Ferry.Capture.Sources;

/// <summary>All disks of a source, open at the same time.</summary>
internal sealed class OpenedDisks : IAsyncDisposable
{
    private readonly List<IDiskImageReader> _readers = [];

    private OpenedDisks()
    {
    }

    /// <summary>The disks in the order of the machine.</summary>
    public IReadOnlyList<IDiskImageReader> Readers => _readers;

    /// <summary>Opens them.</summary>
    /// <exception cref="SourceException">One cannot be read.</exception>
    public static async Task<OpenedDisks> OpenAsync(OpenedSource source, CancellationToken cancellationToken)
    {
        var opened = new OpenedDisks();
        try
        {
            foreach (var disk in source.Machine.Disks)
            {
                opened._readers.Add(await SourceFailures.WrapAsync(disk, () => source.OpenDiskAsync(disk, cancellationToken).AsTask()));
            }

            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers)
        {
            await reader.DisposeAsync();
        }
    }
}
