using Ferry.DiskImages.Sources;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Sources;

/// <summary>Decides which URLs and addresses may be connected to: a source's URL comes from outside and must not reach what only this machine may (SSRF).</summary>
public sealed class SourceGuard(IOptions<SourcesOptions> options)
{
    /// <summary>The rules for hosts and addresses.</summary>
    public HostRules Rules { get; } = new([.. options.Value.AllowedHosts]);

    /// <summary>The credentials of sources.</summary>
    public SourceCredentials Credentials { get; } = new(options.Value.Credentials.AsReadOnly(), options.Value.SecretsFolder);

    /// <summary>Checks a source's URL.</summary>
    /// <exception cref="Hosting.Jobs.JobFailedException"><see cref="TransferErrors.SourceNotAllowed"/>.</exception>
    public Uri Check(string location)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            throw TransferFailures.Create(
                TransferErrors.OriginNotRemote, "The source is not an http or https URL.", "", "A source in the library share needs no transfer.");
        }

        if (url.UserInfo.Length > 0)
        {
            throw Refused(url, "holds credentials", "Name the source without user and password.");
        }

        return Rules.IsAllowed(url) ? url : throw Refused(url, "is not among the allowed hosts", $"Add it to {SourcesOptions.SectionName}:{nameof(SourcesOptions.AllowedHosts)}.");
    }

    private static Hosting.Jobs.JobFailedException Refused(Uri url, string why, string remedy) => TransferFailures.Create(
        TransferErrors.SourceNotAllowed, $"The source {url.Host} {why}.", url.Host, remedy);
}
