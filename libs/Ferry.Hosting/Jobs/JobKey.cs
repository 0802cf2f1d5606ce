using System.Globalization;

namespace Ferry.Hosting.Jobs;

/// <summary>What makes a job unique: the same command sent twice is the same job.</summary>
/// <param name="ConversionId">Id of the conversion.</param>
/// <param name="Step">Name of the step.</param>
/// <param name="Attempt">Attempt, from 1.</param>
/// <param name="Disk">Index of the disk, or null.</param>
public readonly record struct JobKey(Guid ConversionId, string Step, int Attempt, int? Disk = null)
{
    /// <summary>The job's document id.</summary>
    public override string ToString() => Disk is null
        ? string.Create(CultureInfo.InvariantCulture, $"{ConversionId:N}/{Step}/{Attempt}")
        : string.Create(CultureInfo.InvariantCulture, $"{ConversionId:N}/{Step}/{Attempt}/{Disk}");
}
