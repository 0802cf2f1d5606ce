using System.ComponentModel.DataAnnotations;

namespace Ferry.Orchestrator.Retention;

/// <summary>How long the manifests of ended conversions are kept, with their chunks. Those of a cancelled conversion go at once.</summary>
public sealed class RetentionOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Retention";

    /// <summary>After a conversion has completed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Completed { get; set; } = TimeSpan.FromDays(7);

    /// <summary>After a conversion has failed: so long a retry goes on at the step that failed, later it begins again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Failed { get; set; } = TimeSpan.FromDays(30);
}
