namespace Ferry.Hives;

/// <summary>How a dirty hive was opened.</summary>
public sealed record HiveRecovery
{
    /// <summary>The logs that were applied, in their order; empty where the hive was taken as it is (<see cref="HiveOpenOptions.DiscardUnreplayed"/>).</summary>
    public required IReadOnlyList<string> Logs { get; init; }

    /// <summary>Log entries that were applied; 1 for a log of the old format.</summary>
    public required int Entries { get; init; }

    /// <summary>Pages that were applied, counted as often as entries held them.</summary>
    public required int Pages { get; init; }

    /// <summary>Whether the base block was wrong and was taken from a log.</summary>
    public required bool IsHeaderRecovered { get; init; }
}
