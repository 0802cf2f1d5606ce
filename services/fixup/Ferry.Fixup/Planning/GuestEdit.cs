using Ferry.Contracts.Conversions;

namespace Ferry.Fixup.Planning;

/// <summary>One file that a plan writes, removes or links.</summary>
public sealed record GuestEdit
{
    /// <summary>What is done.</summary>
    public GuestEditAction Action { get; init; }

    /// <summary>Canonical path; when the file is new, of the place it gets.</summary>
    public required string Path { get; init; }

    /// <summary>Content that a written file has afterwards.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Target of a new link, as it stands in it.</summary>
    public string LinkTarget { get; init; } = "";

    /// <summary>Permission bits of a new file; null when an existing file is written into and keeps its own.</summary>
    public int? NewFileMode { get; init; }

    /// <summary>Whether folders that are made for a new file are open to the system and its administrators only.</summary>
    public bool IsFolderPrivate { get; init; }

    /// <summary>Name of a copy of the old file that is made first, or null.</summary>
    public string? Backup { get; init; }

    /// <summary>What the report says about it.</summary>
    public required IReadOnlyList<GuestChange> Changes { get; init; }
}
