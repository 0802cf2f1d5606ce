using Ferry.Contracts;
using Ferry.Contracts.Library;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;

namespace Ferry.Transfer.Library;

/// <summary>
/// What is going on with a name of the library: a machine that is being added or removed. Machines at rest have none; their folders are the truth. One document per name, so that two
/// requests for one name cannot both go on.
/// </summary>
public sealed class LibraryEntryDocument : IOutboxDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("transfer.library", ["state"], ["requestId"], ["hasPending"]);

    /// <summary>The name in capital letters.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>The name.</summary>
    public required string Name { get; set; }

    /// <summary>Id of the request; of one that adds also that of the transfer job.</summary>
    public required Guid RequestId { get; set; }

    /// <summary>State.</summary>
    public required LibraryEntryState State { get; set; }

    /// <summary>Path or URL of the source; empty for a removal.</summary>
    public string Source { get; set; } = "";

    /// <summary>Format of a bare disk image, or null.</summary>
    public string? SourceFormat { get; set; }

    /// <summary>Name of the source's credential, or null.</summary>
    public string? Credential { get; set; }

    /// <summary>Name of the link, or null.</summary>
    public string? Link { get; set; }

    /// <summary>Priority of the transfer.</summary>
    public TransferPriority Priority { get; set; } = TransferPriority.Normal;

    /// <summary>Why it was refused, or null.</summary>
    public Failure? Failure { get; set; }

    /// <summary>When the state changed, or its command was sent, last, UTC.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    /// <inheritdoc/>
    public List<PendingMessage> Pending { get; set; } = [];

    /// <inheritdoc/>
    public bool HasPending => Pending.Count > 0;

    /// <summary>The document id of a name: names that differ in case only are one.</summary>
    public static string IdOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToUpperInvariant();
    }

    /// <summary>Makes the command of its state pending.</summary>
    /// <param name="folder">Folder of the machine.</param>
    /// <param name="now">The time.</param>
    public void Ask(string folder, DateTimeOffset now)
    {
        ChangedAt = now;
        Pending.Add(PendingMessage.Command(
            State is LibraryEntryState.Listing
                ? new ListSourceFiles { RequestId = RequestId, Attempt = 1, Source = Source, SourceFormat = SourceFormat, Credential = Credential }
                : new CheckLibraryUse { RequestId = RequestId, Name = Name, Folder = folder },
            now));
    }
}
