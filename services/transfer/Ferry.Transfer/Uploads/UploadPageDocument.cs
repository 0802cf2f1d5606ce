using System.Globalization;
using Ferry.Hosting.Documents;

namespace Ferry.Transfer.Uploads;

/// <summary>One page of entries that a client has sent for a file of its upload. The page itself is in the chunk store.</summary>
public sealed class UploadPageDocument : IDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("transfer.uploadpages", ["jobId", "file", "page"]);

    /// <summary>Job, file and page.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>Document id of the job.</summary>
    public required string JobId { get; set; }

    /// <summary>Index of the file.</summary>
    public required int File { get; set; }

    /// <summary>Number of the page.</summary>
    public required int Page { get; set; }

    /// <summary>Id of the page in the chunk store.</summary>
    public required string PageId { get; set; }

    /// <summary>Bytes of its chunks that are zero or unused.</summary>
    public long ZeroBytes { get; set; }

    /// <summary>Bytes of its chunks that the store had when the page came, and of those that stand in the page more than once.</summary>
    public long DeduplicatedBytes { get; set; }

    /// <summary>Chunks that were missing when that was looked at last.</summary>
    public int Missing { get; set; }

    /// <summary>The document id.</summary>
    public static string IdOf(string job, int file, int page) => string.Create(CultureInfo.InvariantCulture, $"{job}-{file}-{page}");
}
