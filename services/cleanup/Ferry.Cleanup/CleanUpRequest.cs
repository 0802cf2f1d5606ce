using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;

namespace Ferry.Cleanup;

/// <summary>One clean-up of a conversion: who was asked and who has answered. Carries its outgoing messages.</summary>
public sealed class CleanUpRequest : IOutboxDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("cleanup.requests", ["conversionId"], ["hasPending"]);

    /// <summary>See <see cref="IdOf"/>.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; set; }

    /// <summary>Attempt of the clean-up.</summary>
    public required int Attempt { get; set; }

    /// <summary>The services that were asked.</summary>
    public required IReadOnlyList<string> Expected { get; set; }

    /// <summary>The answers so far, one a service.</summary>
    public List<CleanUpAnswer> Answers { get; set; } = [];

    /// <summary>When it was asked for, UTC.</summary>
    public required DateTimeOffset RequestedAt { get; set; }

    /// <summary>When it ended, UTC, or null.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The event that ended it, to be sent again when the command comes again, or null.</summary>
    public PendingMessage? Outcome { get; set; }

    /// <inheritdoc/>
    public List<PendingMessage> Pending { get; set; } = [];

    /// <inheritdoc/>
    public bool HasPending => Pending.Count > 0;

    /// <summary>The services that have not answered, in the order they were asked.</summary>
    public IEnumerable<string> Missing() => Expected.Where(service => !Answers.Exists(answer => answer.Service == service));

    /// <summary>The id of a conversion's clean-up.</summary>
    public static string IdOf(Guid conversionId, int attempt) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{conversionId:N}/{attempt}");
}
