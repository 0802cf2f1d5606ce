using System.Diagnostics.CodeAnalysis;
using Ferry.Chunks.Uploads;

namespace Ferry.Agent.Capture;

/// <summary>The outcome of one disk.</summary>
internal sealed record CapturedDiskOutcome : DiskUploadResult
{
    /// <summary>The outcome of an upload.</summary>
    [SetsRequiredMembers]
    public CapturedDiskOutcome(string device, DiskUploadResult result)
        : base(result) => Device = device;

    /// <summary>Its device.</summary>
    public string Device { get; }
}
