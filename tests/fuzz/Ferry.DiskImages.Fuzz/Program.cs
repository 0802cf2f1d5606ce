using Ferry.DiskImages.Fuzz;
using SharpFuzz;

// One input from standard input at a time, as afl-fuzz gives them; see ../run.
if (args is not [var name] || !Targets.All.TryGetValue(name, out var target))
{
    Console.Error.WriteLine($"usage: Ferry.DiskImages.Fuzz {string.Join('|', Targets.All.Keys)}");
    return 2;
}

Fuzzer.OutOfProcess.Run(stream =>
{
    using var input = new MemoryStream();
    stream.CopyTo(input);
    try
    {
        target(input.ToArray()).GetAwaiter().GetResult();
    }
    catch (Exception e) when (e is Ferry.DiskImages.InvalidDiskImageException or Ferry.DiskImages.UnsupportedDiskImageException)
    {
        // The documented outcome for what cannot be read; any other is a find.
    }
});
return 0;
