namespace Ferry.Cleanup;

/// <summary>What one service answered.</summary>
/// <param name="Service">The service.</param>
/// <param name="Released">How many resources it released.</param>
/// <param name="Residue">What it could not release.</param>
public sealed record CleanUpAnswer(string Service, int Released, IReadOnlyList<string> Residue);
