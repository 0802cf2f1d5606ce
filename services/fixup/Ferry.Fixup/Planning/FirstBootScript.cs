namespace Ferry.Fixup.Planning;

/// <summary>A script that the guest runs once, at its first start on the target.</summary>
/// <param name="Name">Name of letters, digits, <c>.</c>, <c>_</c>, <c>-</c>.</param>
/// <param name="Content">The script, with its interpreter in the first line.</param>
public sealed record FirstBootScript(string Name, ReadOnlyMemory<byte> Content);
