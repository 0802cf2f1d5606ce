using Ferry.Contracts;

namespace Ferry.Agent.Inventory;

/// <summary>The findings of the agent; docs/agent.md lists them.</summary>
internal static class AgentFindings
{
    public const string DatabaseRuns = "DATABASE_RUNS";
    public const string DatabaseInstalled = "DATABASE_INSTALLED";
    public const string DiskUnreadable = "AGENT_DISK_UNREADABLE";
    public const string DiskShared = "AGENT_DISK_MULTIPATH";
    public const string SoftwareRaid = "AGENT_SOFTWARE_RAID";
    public const string FirmwareUncertain = "AGENT_FIRMWARE_UNCERTAIN";

    public static Finding Warn(string id, string message, string remedy) => new() { Id = id, Severity = FindingSeverity.Warning, Message = message, Remedy = remedy };

    public static Finding Inform(string id, string message, string remedy) => new() { Id = id, Severity = FindingSeverity.Information, Message = message, Remedy = remedy };
}
