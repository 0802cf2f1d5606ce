using Ferry.Contracts.Library;
using Ferry.Hosting.Library;

namespace Ferry.Transfer.Library;

/// <summary>Checks the request to add a machine. Says all that is wrong.</summary>
public static class LibraryRequestValidator
{
    private const int LongestText = 200;
    private const int LongestSource = 4096;

    /// <summary>What is wrong, by field; empty when nothing is. Holds nothing of the source, which may have secrets in it.</summary>
    public static IReadOnlyDictionary<string, string[]> Validate(LibraryAddRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Check(errors, "id", request.Id == Guid.Empty ? "is empty" : null);
        Check(errors, "source", Problem(request.Source));
        Check(errors, "name", request.Name is null ? null : LibraryName.Problem(request.Name));
        Check(errors, "sourceFormat", request.SourceFormat is null ? null : Text(request.SourceFormat));
        Check(errors, "credential", request.Credential is null ? null : Text(request.Credential));
        Check(errors, "link", request.Link is null ? null : Text(request.Link));
        Check(errors, "priority", Enum.IsDefined(request.Priority) ? null : "is not known");
        return errors;
    }

    private static string? Problem(string? source)
    {
        if (string.IsNullOrWhiteSpace(source) || source.Length > LongestSource || source.Any(char.IsControl))
        {
            return "is empty, too long, or has control characters";
        }

        if (LibraryName.IsReference(source))
        {
            return "is in the library already";
        }

        if (!source.Contains("://", StringComparison.Ordinal))
        {
            return !Path.IsPathFullyQualified(source) || Path.GetFileName(source).Length == 0 ? "is neither a URL nor the absolute path of a file" : null;
        }

        return !Uri.TryCreate(source, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.AbsolutePath.EndsWith('/')
                ? "is not the http or https URL of a file"
            : url.UserInfo.Length > 0 ? "has user or password in it; name a credential instead"
            : null;
    }

    private static string? Text(string text) =>
        text.Length is 0 or > LongestText || text.Any(char.IsControl) ? $"is empty, longer than {LongestText} characters, or has control characters" : null;

    private static void Check(Dictionary<string, string[]> errors, string field, string? problem)
    {
        if (problem is not null)
        {
            errors[field] = [$"{field} {problem}."];
        }
    }
}
