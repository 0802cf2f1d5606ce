using Ferry.Contracts;
using Ferry.Contracts.Library;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;

namespace Ferry.Transfer.Library;

/// <summary>The verification of a machine that runs, or the last one.</summary>
public sealed class LibraryVerificationDocument : IDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("transfer.verifications", ["ended"]);

    /// <summary>The machine's name in capital letters.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>The name.</summary>
    public required string Name { get; set; }

    /// <summary>Id of the run.</summary>
    public required Guid RunId { get; set; }

    /// <summary>Id in the record of the machine that was verified: another machine of the name has not been.</summary>
    public Guid? MachineId { get; set; }

    /// <summary>When it was asked for, UTC.</summary>
    public required DateTimeOffset StartedAt { get; set; }

    /// <summary>When it ended, UTC, or null.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Whether it has ended.</summary>
    public bool Ended => EndedAt is not null;

    /// <summary>Files that were compared.</summary>
    public int Files { get; set; }

    /// <summary>Bytes that were read.</summary>
    public long Bytes { get; set; }

    /// <summary>What is wrong.</summary>
    public List<LibraryDamage> Damaged { get; set; } = [];

    /// <summary>Why it could not be done, or null.</summary>
    public Failure? Failure { get; set; }

    /// <summary>The leased job that does it.</summary>
    public JobKey Key() => new(RunId, VerifyMachineHandler.Step, 1);

    /// <summary>As the API shows it.</summary>
    public LibraryVerificationView ToView() => new()
    {
        Id = RunId, StartedAt = StartedAt, EndedAt = EndedAt, Files = Files, Bytes = Bytes, Damaged = Damaged, Failure = Failure,
    };
}
