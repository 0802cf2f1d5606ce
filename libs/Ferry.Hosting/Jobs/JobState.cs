namespace Ferry.Hosting.Jobs;

/// <summary>State of a leased job. Stored as text.</summary>
public enum JobState
{
    /// <summary>Waits to be claimed.</summary>
    Queued,

    /// <summary>A worker holds the lease (or held it until it died: the lease then runs out and another claims it).</summary>
    Running,

    /// <summary>Stopped on request; goes on when it is resumed.</summary>
    Suspended,

    /// <summary>Done; the result is in the pending messages until it is taken.</summary>
    Succeeded,

    /// <summary>Given up.</summary>
    Failed,

    /// <summary>Cancelled.</summary>
    Cancelled,
}
