using Ferry.DiskImages.Sources;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Sources;

/// <summary>Files at an allowed URL, read by Range requests over one client of the process.</summary>
public sealed class HttpRemoteFiles(SourceGuard guard, IOptions<TransferOptions> options) : IRemoteFiles, IDisposable
{
    private readonly HttpClient client = SourceClient.Create(guard, options.Value);

    /// <inheritdoc/>
    public IImageFiles Open(string location) => new HttpImageFiles(guard.Check(location), client);

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();
}
