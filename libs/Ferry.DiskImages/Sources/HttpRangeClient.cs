using System.Net;
using System.Net.Http.Headers;

namespace Ferry.DiskImages.Sources;

/// <summary>Range requests for one URL, every answer checked.</summary>
internal sealed class HttpRangeClient(HttpClient client, Uri uri, string name)
{
    private const int MaximumRedirects = 5;

    /// <summary>Length and version of the file now.</summary>
    internal async ValueTask<HttpRange> ProbeAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new RangeHeaderValue(0, 0), null, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && response.Content.Headers.ContentRange is { Length: 0 })
        {
            return new HttpRange(0, VersionOf(response));
        }

        if (response.StatusCode == HttpStatusCode.OK)
        {
            throw Failure("The server does not answer Range requests; download the file first.");
        }

        RequirePartial(response);
        return response.Content.Headers.ContentRange is { Length: { } total, From: 0 }
            ? new HttpRange(total, VersionOf(response))
            : throw Failure("The server does not tell the length of the file.");
    }

    /// <summary>Reads from an offset on; fewer bytes when the answer breaks off.</summary>
    internal async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, long total, string? version, CancellationToken cancellationToken)
    {
        var last = offset + buffer.Length - 1;
        using var response = await TrySendAsync(new RangeHeaderValue(offset, last), version, cancellationToken).ConfigureAwait(false);
        if (response is null)
        {
            return 0;
        }

        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PreconditionFailed)
        {
            // The server held our version against its own and sends the whole new file, or the range is no longer there.
            throw Changed(name);
        }

        RequirePartial(response);
        if (VersionOf(response) is { } now && version is not null && now != version)
        {
            throw Changed(name);
        }

        var range = response.Content.Headers.ContentRange;
        if (range?.Length is { } length && length != total)
        {
            throw Changed(name);
        }

        if (range is null || range.Unit != "bytes" || range.From != offset || range.To != last)
        {
            throw Failure($"The server was asked for bytes {offset}-{last} and answered with {range?.ToString() ?? "no Content-Range"}.");
        }

        return await FillAsync(response, buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The exception for another version of the file.</summary>
    internal static DiskImageException Changed(string name) =>
        new(DiskImageErrors.SourceChanged, "The file on the server changed while it was read; start again.", name);

    private static async ValueTask<int> FillAsync(HttpResponseMessage response, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                while (filled < buffer.Length && await body.ReadAsync(buffer[filled..], cancellationToken).ConfigureAwait(false) is > 0 and var count)
                {
                    filled += count;
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The answer broke off; the caller asks for the rest and gives up after a few times.
            return filled;
        }

        return filled;
    }

    /// <summary>Null when the connection was there and broke before the answer.</summary>
    private async ValueTask<HttpResponseMessage?> TrySendAsync(RangeHeaderValue range, string? version, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(range, version, cancellationToken).ConfigureAwait(false);
        }
        catch (DiskImageException e) when (e.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.Unknown or HttpRequestError.ResponseEnded })
        {
            return null;
        }
    }

    private async ValueTask<HttpResponseMessage> SendAsync(RangeHeaderValue range, string? version, CancellationToken cancellationToken)
    {
        var target = uri;
        for (var redirects = 0; redirects <= MaximumRedirects; redirects++)
        {
            var response = await SendOnceAsync(target, range, version, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is < 300 or > 399)
            {
                return response;
            }

            using (response)
            {
                target = response.Headers.Location is { } location ? new Uri(target, location) : throw Failure("The server redirects to nowhere.");
                RequireSameOrigin(target);
            }
        }

        throw Failure("The server redirects in a circle.");
    }

    private async ValueTask<HttpResponseMessage> SendOnceAsync(Uri target, RangeHeaderValue range, string? version, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Range = range;
        if (version is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Range", version);
        }

        try
        {
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            RequireSameOrigin(response.RequestMessage?.RequestUri ?? target);
            return response;
        }
        catch (HttpRequestException e)
        {
            throw Failure($"The server cannot be reached: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure("The server did not answer in time.", e);
        }
    }

    private void RequireSameOrigin(Uri target)
    {
        if (target.Scheme != uri.Scheme || target.Authority != uri.Authority)
        {
            throw new InvalidDiskImageException(DiskImageErrors.ForbiddenReference, $"The server redirects to another host ({target.Host}), which is not followed.", name);
        }
    }

    private void RequirePartial(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new InvalidDiskImageException(DiskImageErrors.MissingFile, "The server has no such file.", name);
        }

        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            throw Failure($"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.");
        }
    }

    /// <summary>A weak ETag says nothing about bytes.</summary>
    private static string? VersionOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private DiskImageException Failure(string message, Exception? inner = null) => new(DiskImageErrors.InputOutput, message, name, inner: inner);
}
