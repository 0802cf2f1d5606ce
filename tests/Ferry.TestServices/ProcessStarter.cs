using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ferry.TestServices;

/// <summary>Starts all child processes on one thread that lives as long as this process.</summary>
/// <remarks>
/// The signal that a child gets when its parent dies (PR_SET_PDEATHSIG) is sent when the <em>thread</em> that started it ends. A thread of the pool ends
/// when it was idle for a while, and would take healthy children with it.
/// </remarks>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<(Process Process, TaskCompletionSource Started)> Requests = [];

    static ProcessStarter() => new Thread(Run) { IsBackground = true, Name = "process starter" }.Start();

    /// <summary>Starts a process.</summary>
    public static Task StartAsync(Process process)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add((process, started));
        return started.Task;
    }

    private static void Run()
    {
        foreach (var (process, started) in Requests.GetConsumingEnumerable())
        {
            try
            {
                process.Start();
                started.SetResult();
            }
#pragma warning disable CA1031 // the one who asked gets it
            catch (Exception e)
#pragma warning restore CA1031
            {
                started.SetException(e);
            }
        }
    }
}
