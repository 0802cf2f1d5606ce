using System.Globalization;

namespace Ferry.DiskImages.Sources;

/// <summary>
/// A file on a web server. Every request names the version that was opened (If-Range with a strong ETag or the modification time), so that an answer
/// from another version is an error. An answer that breaks off is asked for again from where it broke, until nothing comes
/// a few times in a row; all else is the caller's to retry.
/// </summary>
internal sealed class HttpByteSource : IByteSource
{
    private const int MaximumFailures = 4;

    private readonly HttpRangeClient _client;

    private HttpByteSource(HttpRangeClient client, string name, HttpRange opened)
    {
        _client = client;
        Name = name;
        Length = opened.Total;
        Pin = new SourcePin { Name = name, Length = opened.Total, ETag = opened.Version };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long Length { get; }

    /// <inheritdoc/>
    public SourcePin Pin { get; }

    /// <summary>Opens a file and learns its length and version from a request for its first byte.</summary>
    /// <param name="client">The client; stays the caller's.</param>
    /// <param name="uri">The file.</param>
    /// <param name="name">Name for messages and the pin.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.MissingFile"/>, <see cref="DiskImageErrors.InputOutput"/>, <see cref="DiskImageErrors.ForbiddenReference"/> for a redirect to another host.</exception>
    public static async ValueTask<HttpByteSource> OpenAsync(HttpClient client, Uri uri, string name, CancellationToken cancellationToken = default)
    {
        var ranges = new HttpRangeClient(client, uri, name);
        var opened = await ranges.ProbeAsync(cancellationToken).ConfigureAwait(false);
        return new HttpByteSource(ranges, name, opened);
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (offset < 0 || offset > Length - buffer.Length)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.Truncated, string.Create(CultureInfo.InvariantCulture, $"The file ends at byte {Length}, {buffer.Length} bytes were expected here."), Name, offset);
        }

        for (var failures = 0; !buffer.IsEmpty;)
        {
            var count = await _client.ReadAsync(offset, buffer, Length, Pin.ETag, cancellationToken).ConfigureAwait(false);
            buffer = buffer[count..];
            offset += count;
            failures = count > 0 ? 0 : failures + 1;
            if (failures == MaximumFailures)
            {
                throw new DiskImageException(DiskImageErrors.InputOutput, "The server's answer broke off again and again.", Name, offset);
            }
        }
    }

    /// <summary>A web server tells of no holes.</summary>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default) =>
        (length == 0 ? Array.Empty<DiskExtent>() : [new DiskExtent(offset, length, ExtentKind.Data)]).ToAsyncEnumerable();

    /// <inheritdoc/>
    public async ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default)
    {
        var now = await _client.ProbeAsync(cancellationToken).ConfigureAwait(false);
        if (now.Total != Length || now.Version != Pin.ETag)
        {
            throw HttpRangeClient.Changed(Name);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
