namespace Ferry.Agent;

/// <summary>The agent's own error codes; docs/errors.md explains each.</summary>
internal static class AgentErrors
{
    public const string Usage = "USAGE";

    /// <summary>A disk to capture is not there.</summary>
    public const string DiskUnknown = "AGENT_DISK_UNKNOWN";

    /// <summary>The running system writes to a disk to capture.</summary>
    public const string DiskInUse = "AGENT_DISK_IN_USE";

    /// <summary>A disk was written while it was captured.</summary>
    public const string DiskChanged = "AGENT_DISK_CHANGED";

    /// <summary>The server refuses the request, or is none.</summary>
    public const string ServerError = "SERVER_ERROR";

    /// <summary>No server answers.</summary>
    public const string ServerUnreachable = "SERVER_UNREACHABLE";

    /// <summary>The server does not take the key.</summary>
    public const string KeyRefused = "API_KEY_MISSING";

    public const string Cancelled = "CANCELLED";

    public const string Internal = "INTERNAL_ERROR";
}
