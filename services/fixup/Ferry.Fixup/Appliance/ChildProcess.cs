using System.Diagnostics;

namespace Ferry.Fixup.Appliance;

/// <summary>
/// A started child. The thread that starts it lives as long as the child: the kernel's parent-death signal is bound to that thread, and a thread of the pool may end early.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptErrorLines = 20;
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastWordsTime = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly Task<int> _ended;
    private readonly Queue<string> _errors = new();
    private readonly TaskCompletionSource _errorsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _killed;

    private ChildProcess(Process process, Task<int> ended)
    {
        _process = process;
        _ended = ended;
        _process.ErrorDataReceived += (_, e) => Remember(e.Data);
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Its exit code, when it has ended.</summary>
    public Task<int> Ended => _ended;

    /// <summary>Whether the child is known to lead a process group.</summary>
    public bool HasOwnGroup { get; set; }

    /// <summary>What it said last, as far as it is known now.</summary>
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

    /// <summary>What a child that has ended, or was killed, said last. A grandchild may hold the pipe open, so the wait for its end has a limit.</summary>
    public async Task<string> LastWordsAsync()
    {
        await Task.WhenAny(_errorsEnded.Task, Task.Delay(LastWordsTime));
        return LastErrorLines;
    }

    public static ChildProcess Start(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Keep(start, started, ended)) { IsBackground = true, Name = "child-process" }.Start();
        return new ChildProcess(started.Task.GetAwaiter().GetResult(), ended.Task);
    }

    /// <summary>Kills the child, and its process group when it leads one.</summary>
    public void Kill()
    {
        if (Interlocked.Exchange(ref _killed, 1) == 0 && (HasOwnGroup || !_ended.IsCompleted))
        {
            _ = Posix.Kill(HasOwnGroup ? -Id : Id, Posix.SignalKill);
        }
    }

    /// <summary>Closes its input, at which an idle child ends in good order (a guest worker removes its socket folder); kills it when it does not end soon.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Volatile.Read(ref _killed) == 0)
        {
            try
            {
                await Input.DisposeAsync();
                await _ended.WaitAsync(CloseTime);
            }
            catch (Exception e) when (e is TimeoutException or IOException)
            {
                Remember($"It did not end by itself: {e.Message}");
            }
        }

        Kill();
        await _ended;
        _process.Dispose();
    }

    private static void Keep(ProcessStartInfo start, TaskCompletionSource<Process> started, TaskCompletionSource<int> ended)
    {
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            started.SetException(new ApplianceException(ApplianceException.NotStarted, $"The program '{start.FileName}' cannot be started: {e.Message}", e));
            ended.SetResult(-1);
            return;
        }

        started.SetResult(process);
        process.WaitForExit(-1);
        ended.SetResult(process.ExitCode);
    }

    private void Remember(string? line)
    {
        if (line is null)
        {
            _errorsEnded.TrySetResult();
            return;
        }

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
