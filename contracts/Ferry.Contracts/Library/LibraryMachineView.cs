namespace Ferry.Contracts.Library;

/// <summary>One machine of the library as the API shows it.</summary>
public sealed record LibraryMachineView
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>State.</summary>
    public required LibraryMachineState State { get; init; }

    /// <summary>What it is.</summary>
    public required LibraryMachineKind Kind { get; init; }

    /// <summary>Id of the request, and of the transfer job, that added it; of one that was converted the conversion's.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where it comes from, without user, password and query.</summary>
    public required string Source { get; init; }

    /// <summary>The file that a conversion begins with; null before it is known, and for a converted machine of several disks.</summary>
    public string? Descriptor { get; init; }

    /// <summary>When it became complete, UTC; null before.</summary>
    public DateTimeOffset? AddedAt { get; init; }

    /// <summary>Its files, once complete.</summary>
    public IReadOnlyList<LibraryFileView> Files { get; init; } = [];

    /// <summary>Bytes of its files, or of what the transfer has to move.</summary>
    public long BytesTotal { get; init; }

    /// <summary>Bytes of it that are there and proven.</summary>
    public long BytesDone { get; init; }

    /// <summary>What it waits for, or null.</summary>
    public WaitingFor? WaitingFor { get; init; }

    /// <summary>What went wrong last, or null.</summary>
    public Failure? Failure { get; init; }

    /// <summary>The last verification, or the one that runs; null when there was none.</summary>
    public LibraryVerificationView? Verification { get; init; }
}
