using System.Globalization;
using Ferry.Contracts;

namespace Ferry.Agent.Capture;

/// <summary>What <c>ferry-agent capture --json</c> prints.</summary>
internal sealed record CaptureOutcome
{
    /// <summary>Id of the upload.</summary>
    public required Guid Id { get; init; }

    /// <summary>The source of a conversion that starts from it.</summary>
    public string Source => $"upload:{Id}";

    /// <summary>The machine's name.</summary>
    public required string Name { get; init; }

    /// <summary>The disks, in the machine's order.</summary>
    public required IReadOnlyList<CapturedDiskOutcome> Disks { get; init; }

    /// <summary>What the operator should know.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Processor time that the agent took, in seconds.</summary>
    public required double ProcessorSeconds { get; init; }

    /// <summary>The outcome for people.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var disk in Disks)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{disk.Device}: {disk.Bytes} bytes, {disk.BytesZero} zero or unused, {disk.BytesDeduplicated} there already, {disk.BytesMoved} moved ({disk.BytesSent} sent); manifest {disk.Manifest}");
        }

        foreach (var finding in Findings)
        {
            yield return $"{finding.Severity.ToString().ToLowerInvariant()}[{finding.Id}]: {finding.Message} {finding.Remedy}";
        }

        yield return $"captured: convert it with the source {Source}; it is kept until the transfer job is acknowledged";
    }
}
