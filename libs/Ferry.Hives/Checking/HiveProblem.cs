namespace Ferry.Hives;

/// <summary>Something that a check found.</summary>
/// <param name="IsError">Whether an edit could make it worse; else it is untidy, and Windows lives with it.</param>
/// <param name="Offset">Where, in the file.</param>
/// <param name="Message">What.</param>
public sealed record HiveProblem(bool IsError, long Offset, string Message);
