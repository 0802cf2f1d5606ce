namespace Ferry.Hives;

/// <summary>How a hive is opened.</summary>
public sealed record HiveOpenOptions
{
    /// <summary>The most that a hive may have without saying otherwise: 1 GiB.</summary>
    public const int DefaultMaxBytes = 1 << 30;

    /// <summary>The name of the hive, for errors.</summary>
    public string Name { get; init; } = "hive";

    /// <summary>All its logs, also the empty ones. A dirty hive is recovered from them; a clean one ignores them, as Windows does.</summary>
    public IReadOnlyList<HiveLog> Logs { get; init; } = [];

    /// <summary>
    /// Opens a dirty hive that cannot be recovered as it is: what its logs hold is lost, and the hive may have been torn. Only with the consent of whoever owns it.
    /// </summary>
    public bool DiscardUnreplayed { get; init; }

    /// <summary>Bytes that a hive may have at most, also after edits and in a log's claim.</summary>
    public int MaxBytes { get; init; } = DefaultMaxBytes;

    /// <summary>What gives changed keys and the saved hive their time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
