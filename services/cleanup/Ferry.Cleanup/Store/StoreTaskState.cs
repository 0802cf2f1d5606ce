namespace Ferry.Cleanup.Store;

/// <summary>State of a <see cref="StoreTask"/>. Stored as text.</summary>
public enum StoreTaskState
{
    /// <summary>Asked for.</summary>
    Waiting,

    /// <summary>A replica has the lease, or had it until it died: then another begins it again.</summary>
    Running,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Given up.</summary>
    Failed,
}
