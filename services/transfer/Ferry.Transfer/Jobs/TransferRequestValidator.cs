using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Contracts.Transfer;
using Ferry.Transfer.Api;
using Ferry.Transfer.Fetching;

namespace Ferry.Transfer.Jobs;

/// <summary>Checks the request of a transfer job. Says all that is wrong.</summary>
public static class TransferRequestValidator
{
    private const int MostFiles = 200;
    private const int LongestText = 200;
    private const int SmallestChunk = 64 << 10;
    private const long MostChunks = 4096L * ManifestHeader.EntriesPerPage;
    private const long LargestDisk = 64L << 40;
    private const double LongestSeconds = 90 * 86_400d;

    /// <summary>What is wrong, by field; empty when nothing is. Holds nothing of the request's URLs, which may have secrets in them.</summary>
    public static IReadOnlyDictionary<string, string[]> Validate(TransferJobRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Check(errors, "id", request.Id == Guid.Empty ? "is empty" : null);
        Check(errors, "name", Text(request.Name, required: true));
        Check(errors, "owner", Text(request.Owner, required: false));
        Check(errors, "credential", request.Credential is null ? null : Text(request.Credential, required: true));
        Check(errors, "link", request.Link is null ? null : Text(request.Link, required: true));
        Check(errors, "type", Enum.IsDefined(request.Type) ? null : "is not known");
        Check(errors, "priority", Enum.IsDefined(request.Priority) ? null : "is not known");
        Check(errors, "minimumRetrySeconds", request.MinimumRetrySeconds is null or (>= 1 and <= LongestSeconds) ? null : "is not from 1 second to 90 days");
        Check(errors, "noProgressSeconds", request.NoProgressSeconds is null or (>= 0 and <= LongestSeconds) ? null : "is not from 0 to 90 days");
        Check(errors, "files", request.Files is { Count: > 0 and <= MostFiles } ? null : $"has not from 1 to {MostFiles} entries");
        for (var i = 0; i < Math.Min(request.Files?.Count ?? 0, MostFiles); i++)
        {
            Check(errors, $"files[{i}]", request.Type is TransferJobType.Upload ? UploadProblem(request.Files![i]) : Problem(request.Files![i]));
        }

        Check(errors, "machine", request.Machine is null ? null : UploadMachineValidator.Problem(request));
        var destinations = request.Files?.Select(file => file?.Destination).Where(destination => destination is not null).ToArray() ?? [];
        Check(errors, "files.destination", destinations.Distinct().Count() == destinations.Length ? null : "is there twice");
        return errors;
    }

    private static string? UploadProblem(TransferFileRequest? file) =>
        file is null || file.Source is not null || file.Manifest is not null || file.Destination is not null ? "has a source, manifest or destination, which the files of an upload have not"
        : Text(file.Name, required: true) is { } name ? $"has a name that {name}"
        : file.Size is not (>= 1 and <= LargestDisk) ? "has a size that is not from 1 byte to 64 TiB"
        : file.ChunkSize is { } chunkSize && (chunkSize is < SmallestChunk or > UploadApi.MaxChunkSize || !int.IsPow2(chunkSize)) ? "has a chunk size that is no power of two from 64 KiB to 16 MiB"
        : file.Size / (file.ChunkSize ?? ManifestHeader.DefaultChunkSize) > MostChunks ? "has too many chunks; choose larger ones"
        : file.LogicalSectorSize is not (null or 512 or 4096) ? "has a logical sector size that is neither 512 nor 4096"
        : null;

    private static string? Problem(TransferFileRequest? file)
    {
        if (file is null || file.Source is null == file.Manifest is null || file.Name is not null || file.Size is not null || file.ChunkSize is not null || file.LogicalSectorSize is not null)
        {
            return "names not exactly one of source and manifest, or something that only uploads have";
        }

        if (file.Manifest is { } manifest)
        {
            return manifest.Length != ChunkId.Size * 2 || !manifest.All(char.IsAsciiHexDigitLower) ? "has a manifest that is no root id"
                : file.Destination is not null ? "has a destination, which only a source may have"
                : null;
        }

        if (!Uri.TryCreate(file.Source, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.AbsolutePath.EndsWith('/'))
        {
            return "has a source that is not the http or https URL of a file";
        }

        return url.UserInfo.Length > 0 ? "has a source with user or password in it; name a credential instead"
            : file.Destination is { } destination && LibraryFile.Problem(destination) is { } problem ? $"has a destination that {problem}"
            : null;
    }

    private static string? Text(string? text, bool required) =>
        text is null || (required && text.Length == 0) ? "is empty"
        : text.Length > LongestText ? $"is longer than {LongestText} characters"
        : text.Any(char.IsControl) ? "has control characters"
        : null;

    private static void Check(Dictionary<string, string[]> errors, string field, string? problem)
    {
        if (problem is not null)
        {
            errors[field] = [$"{field} {problem}."];
        }
    }
}
