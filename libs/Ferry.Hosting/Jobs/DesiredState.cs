namespace Ferry.Hosting.Jobs;

/// <summary>What the worker of a job should do; it learns it with every renewal of the lease.</summary>
public enum DesiredState
{
    /// <summary>Work.</summary>
    Run,

    /// <summary>Stop after the current slice and give the lease back.</summary>
    Suspend,

    /// <summary>Stop at once; the job ends as cancelled.</summary>
    Cancel,
}
