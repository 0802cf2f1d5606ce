using System.ComponentModel.DataAnnotations;

namespace Ferry.Cleanup;

/// <summary>Options of the cleanup service.</summary>
public sealed class CleanUpOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Cleanup";

    /// <summary>How long the services have to answer. One that has not answered then is named as residue.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The services that are asked. More are added in the configuration, none is ever taken away.</summary>
    [MinLength(1)]
    public IList<string> Services { get; init; } = ["capture", "transfer", "fixup", "conversion"];
}
