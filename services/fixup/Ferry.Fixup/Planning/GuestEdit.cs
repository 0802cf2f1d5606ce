using Ferry.Contracts.Conversions;

namespace Ferry.Fixup.Planning;

/// <summary>One file that a plan writes.</summary>
public sealed record GuestEdit
{
    /// <summary>Canonical path; when the file is new, of the place it gets.</summary>
    public required string Path { get; init; }

    /// <summary>Content that the file has afterwards.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Permission bits of a new file; null when an existing file is written into and keeps its own.</summary>
    public int? NewFileMode { get; init; }

    /// <summary>Name of a copy of the old file that is made first, or null.</summary>
    public string? Backup { get; init; }

    /// <summary>What the report says about it.</summary>
    public required IReadOnlyList<GuestChange> Changes { get; init; }
}
