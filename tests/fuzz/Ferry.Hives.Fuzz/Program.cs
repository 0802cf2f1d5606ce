using Ferry.Hives;
using Ferry.Hives.Fuzz;
using Ferry.Hives.Tests.Fuzzing;
using SharpFuzz;

// One input from standard input at a time, as afl-fuzz gives them; see ../run. "seeds FOLDER" writes the inputs to begin with.
if (args is ["seeds", var name, var folder] && SeedFiles.Of(name) is { } seeds)
{
    foreach (var (file, bytes) in seeds)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, file), bytes);
    }

    return 0;
}

Action<byte[]>? target = args is [var what] ? what switch
{
    "hive" => bytes => HiveTargets.RunHive(SeedFiles.Mended(bytes)),
    "bcd" => bytes => HiveTargets.RunBcd(SeedFiles.Mended(bytes)),
    "logs" => HiveTargets.RunLogs,
    _ => null,
} : null;
if (target is null)
{
    Console.Error.WriteLine("usage: Ferry.Hives.Fuzz hive|bcd|logs, or seeds hive|bcd|logs FOLDER");
    return 2;
}

Fuzzer.OutOfProcess.Run(stream =>
{
    using var input = new MemoryStream();
    stream.CopyTo(input);
    try
    {
        target(input.ToArray());
    }
    catch (HiveException)
    {
        // The documented outcome; any other is a find.
    }
});
return 0;
