namespace Ferry.Conversion.Targets;

/// <summary>A file of a target's VM definition.</summary>
/// <param name="Name">File name in the output folder.</param>
/// <param name="Content">Its bytes; the same command always gives the same bytes.</param>
public sealed record DefinitionFile(string Name, ReadOnlyMemory<byte> Content);
