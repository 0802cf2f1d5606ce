namespace Ferry.Hives;

/// <summary>A transaction log that stands beside a hive: <c>SYSTEM.LOG</c>, <c>SYSTEM.LOG1</c>, <c>SYSTEM.LOG2</c>.</summary>
/// <param name="Name">Its name, for errors and for <see cref="HiveSaveResult.FilesToEmpty"/>.</param>
/// <param name="Content">All its bytes; none where the file is empty.</param>
public sealed record HiveLog(string Name, ReadOnlyMemory<byte> Content);
