using Ferry.Cli;
using Ferry.Cli.Commands;
using Ferry.Fixup.Worker;

// The guest worker is this program too: a child process that alone opens guest file systems.
if (GuestWorker.TryRun(args) is { } workerExit)
{
    return workerExit;
}

return await CommandLine.RunAsync(args);
