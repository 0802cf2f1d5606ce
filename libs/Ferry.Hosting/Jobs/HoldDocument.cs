using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Jobs;

/// <summary>Whether the jobs of a conversion in this service rest: also those whose commands come after the pause.</summary>
internal sealed class HoldDocument : IDocument
{
    /// <summary>Id of the conversion, 32 hexadecimal digits.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>The newest revision that was seen.</summary>
    public required int Revision { get; set; }

    /// <summary>Whether the jobs rest.</summary>
    public required bool Held { get; set; }
}
