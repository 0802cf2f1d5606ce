namespace Ferry.Hives;

/// <summary>A hive as it is to be written.</summary>
public sealed record HiveSaveResult
{
    /// <summary>All bytes of the file.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Whether <see cref="Content"/> differs from what was opened. If not nothing has to be written.</summary>
    public required bool IsChanged { get; init; }

    /// <summary>Logs that must be made empty (length 0) after <see cref="Content"/> is written, so that nothing of them is ever applied to it.</summary>
    public required IReadOnlyList<string> FilesToEmpty { get; init; }
}
