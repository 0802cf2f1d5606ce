using System.Diagnostics;
using System.Text;

namespace Ferry.TestServices;

/// <summary>A child process whose output is kept, which ends with its descendants at disposal, and (SIGKILL) when the test process dies.</summary>
public sealed class ExternalProcess : IAsyncDisposable
{
    private const string SetPriv = "/usr/bin/setpriv";
    private const int MostOutput = 1 << 20;
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];
    private readonly TaskCompletionSource _outputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ExternalProcess(Process process) => _process = process;

    /// <summary>What is missing to start processes, or null.</summary>
    public static string? Missing => Skip.MissingFiles("util-linux", SetPriv);

    /// <summary>Its id; the program replaces the wrapper that sets the signal, so it is the program's own.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The last of what it wrote to standard output and error.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a program. A variable that is null is taken out of the environment; <paramref name="user"/> counts only for root.</summary>
    public static async Task<ExternalProcess> StartAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null, string? user = null)
    {
        string[] identity = user is null || !Environment.IsPrivilegedProcess ? [] : ["--reuid", user, "--regid", "nogroup", "--clear-groups"];
        var start = new ProcessStartInfo(SetPriv, [.. identity, "--pdeathsig", "KILL", "--", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? string.Empty,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var result = new ExternalProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        result._process.OutputDataReceived += (_, line) => result.Add(line.Data, result._outputEnded);
        result._process.ErrorDataReceived += (_, line) => result.Add(line.Data, result._errorEnded);
        result._process.Exited += (_, _) => _ = result.FailWaitingAsync();
        await ProcessStarter.StartAsync(result._process);
        result._process.StandardInput.Close();
        result._process.BeginOutputReadLine();
        result._process.BeginErrorReadLine();
        return result;
    }

    /// <summary>Waits until the output holds a text; throws, with the output, when it ends before or takes too long.</summary>
    public async Task WaitForOutputAsync(string text, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            if (_output.ToString().Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            _waiting.Add((text, seen));
        }

        if (HasExited)
        {
            await FailWaitingAsync();
        }

        try
        {
            await seen.Task.WaitAsync(timeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Name} did not write '{text}' within {timeout}. It wrote:\n{Output}");
        }
    }

    /// <summary>Waits for its end and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken = default)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Ends it and its descendants with SIGKILL, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private string Name => string.Join(' ', _process.StartInfo.ArgumentList.SkipWhile(a => a != "--").Skip(1));

    private void Add(string? line, TaskCompletionSource ended)
    {
        if (line is null)
        {
            ended.TrySetResult();
            return;
        }

        lock (_output)
        {
            _output.Append(line).Append('\n');
            if (_output.Length > MostOutput)
            {
                _output.Remove(0, _output.Length - (MostOutput / 2));
            }

            foreach (var waiting in _waiting.Where(w => line.Contains(w.Text, StringComparison.Ordinal)))
            {
                waiting.Seen.TrySetResult();
            }
        }
    }

    /// <summary>Fails those who still wait once all that it wrote has been read; a descendant may hold the pipes open longer than that.</summary>
    private async Task FailWaitingAsync()
    {
        await Task.WhenAny(Task.WhenAll(_outputEnded.Task, _errorEnded.Task), Task.Delay(OutputGrace));
        lock (_output)
        {
            var ended = new InvalidOperationException($"{Name} ended with {_process.ExitCode}. It wrote:\n{_output}");
            _waiting.ForEach(waiting => waiting.Seen.TrySetException(ended));
        }
    }
}
