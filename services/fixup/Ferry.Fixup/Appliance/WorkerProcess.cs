using System.Diagnostics;

namespace Ferry.Fixup.Appliance;

/// <summary>
/// A started guest worker. The thread that starts it lives as long as the worker: the kernel's parent-death signal is bound to that thread, and a thread of the pool may end early.
/// </summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int KeptErrorLines = 20;
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(10);
    private readonly Process _process;
    private readonly TaskCompletionSource _ended;
    private readonly Queue<string> _errors = new();
    private int _killed;

    private WorkerProcess(Process process, TaskCompletionSource ended)
    {
        _process = process;
        _ended = ended;
        _process.ErrorDataReceived += (_, e) => Remember(e.Data);
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Whether the worker has said hello, and so leads a process group.</summary>
    public bool HasOwnGroup { get; set; }

    public string LastErrorLines
    {
        get
        {
            lock (_errors)
            {
                return string.Join(" | ", _errors);
            }
        }
    }

    public static WorkerProcess Start(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Keep(start, started, ended)) { IsBackground = true, Name = "guest-worker" }.Start();
        return new WorkerProcess(started.Task.GetAwaiter().GetResult(), ended);
    }

    /// <summary>Kills the worker with everything that it started.</summary>
    public void Kill()
    {
        if (Interlocked.Exchange(ref _killed, 1) == 0)
        {
            _ = Posix.Kill(HasOwnGroup ? -Id : Id, Posix.SignalKill);
        }
    }

    /// <summary>Lets an idle worker close libguestfs, which removes its socket folder; kills it when it does not end soon.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Volatile.Read(ref _killed) == 0)
        {
            try
            {
                await Input.DisposeAsync();
                await _ended.Task.WaitAsync(CloseTime);
            }
            catch (Exception e) when (e is TimeoutException or IOException)
            {
                Remember($"The worker did not end by itself: {e.Message}");
            }
        }

        Kill();
        await _ended.Task;
        _process.Dispose();
    }

    private static void Keep(ProcessStartInfo start, TaskCompletionSource<Process> started, TaskCompletionSource ended)
    {
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            started.SetException(new ApplianceException(ApplianceException.NotStarted, $"The guest worker '{start.FileName}' cannot be started: {e.Message}", e));
            ended.SetResult();
            return;
        }

        started.SetResult(process);
        process.WaitForExit(-1);
        ended.SetResult();
    }

    private void Remember(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_errors)
        {
            _errors.Enqueue(line.Length > 400 ? line[..400] : line);
            if (_errors.Count > KeptErrorLines)
            {
                _errors.Dequeue();
            }
        }
    }
}
