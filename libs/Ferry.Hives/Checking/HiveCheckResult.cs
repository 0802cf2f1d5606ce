namespace Ferry.Hives;

/// <summary>What a check of a whole hive found.</summary>
public sealed record HiveCheckResult
{
    /// <summary>Problems that are listed at most; all are counted.</summary>
    public const int MostListed = 100;

    /// <summary>Keys that the root leads to, itself included.</summary>
    public required int Keys { get; init; }

    /// <summary>Values of these keys.</summary>
    public required int Values { get; init; }

    /// <summary>Security descriptors of these keys.</summary>
    public required int SecurityDescriptors { get; init; }

    /// <summary>Bytes of free cells.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Bytes of allocated cells that nothing leads to.</summary>
    public required long LostBytes { get; init; }

    /// <summary>Problems that are errors.</summary>
    public required int ErrorCount { get; init; }

    /// <summary>Problems that are none.</summary>
    public required int WarningCount { get; init; }

    /// <summary>The problems, errors and warnings, up to <see cref="MostListed"/> of each.</summary>
    public required IReadOnlyList<HiveProblem> Problems { get; init; }
}
