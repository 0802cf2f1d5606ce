namespace Ferry.Contracts;

/// <summary>Why a conversion or job is not working right now (DESIGN section 2).</summary>
public sealed record WaitingFor
{
    /// <summary>Kind of reason from a closed set: <c>worker</c>, <c>slot</c>, <c>bandwidth-window</c>, <c>retry</c>, <c>operator</c>, <c>space</c>, <c>paused</c> (an operator has
    /// to resume it), <c>former-worker</c> (a worker that went silent must have stopped first), <c>client</c> (the client of an upload has to send).</summary>
    public required string Reason { get; init; }

    /// <summary>In words: what it waits for and who or what must act.</summary>
    public required string Detail { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it will be tried again by itself, or null.</summary>
    public DateTimeOffset? Until { get; init; }
}
