using Ferry.Contracts.Conversions;

namespace Ferry.Contracts.Conversion;

/// <summary>Command to conversion, the last of a successful conversion: write report.json and report.html beside the image.</summary>
public sealed record WriteReport
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Output folder of the conversion, or <c>library:NAME</c>.</summary>
    public required string Output { get; init; }

    /// <summary>The report.</summary>
    public required ConversionReport Report { get; init; }
}
