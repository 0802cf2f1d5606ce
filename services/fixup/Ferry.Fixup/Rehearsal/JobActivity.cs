using Ferry.Contracts.Conversions;

namespace Ferry.Fixup.Rehearsal;

/// <summary>Passes on what a job is doing.</summary>
internal sealed class JobActivity(string step, Action<DiskProgress> report) : IProgress<string>
{
    /// <inheritdoc/>
    public void Report(string value) => report(new DiskProgress { Step = step, BytesDone = 0, BytesTotal = 0, Activity = value });
}
