using Ferry.Cli;
using Ferry.Fixup.Appliance;

// The guest worker is this program too: a child process that alone opens guest file systems.
if (GuestWorker.TryRun(args, out var workerExit))
{
    return workerExit;
}

return await CommandLine.RunAsync(args);
