namespace Ferry.Chunks.Slices;

/// <summary>Measures one slice.</summary>
/// <param name="time">The clock.</param>
/// <param name="limits">How long it may take.</param>
public readonly struct SliceTimer(TimeProvider time, SliceLimits limits)
{
    private readonly long started = time.GetTimestamp();

    /// <summary>How long it takes so far.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(started);

    /// <summary>Whether it has taken as long as it may, and has to be cut.</summary>
    public bool IsOver => Elapsed >= limits.MostTime;
}
