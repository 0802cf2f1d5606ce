using System.ComponentModel.DataAnnotations;

namespace Ferry.Hosting.Outbox;

/// <summary>How what a crash left behind is swept up.</summary>
public sealed class OutboxOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Ferry:Outbox";

    /// <summary>How often the sweeper looks.</summary>
    [Range(0.05, 3600)]
    public double SweepSeconds { get; set; } = 3;

    /// <summary>Messages younger than this are still being sent by whoever wrote them.</summary>
    [Range(0, 3600)]
    public double MinAgeSeconds { get; set; } = 10;
}
