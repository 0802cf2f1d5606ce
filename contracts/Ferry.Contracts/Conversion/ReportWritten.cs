namespace Ferry.Contracts.Conversion;

/// <summary>Event of conversion: the report is in the output folder.</summary>
public sealed record ReportWritten
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }
}
