using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Ferry.Fixup.Appliance;

/// <summary>The parent's side of one guest worker with its appliance. One call at a time; killed as a whole when time is up, on cancellation and at the end.</summary>
public sealed class ApplianceSession : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _deadline;
    private readonly ChildProcess _process;

    private ApplianceSession(ChildProcess process, CancellationTokenSource deadline)
    {
        _process = process;
        _deadline = deadline;
    }

    /// <summary>Process id of the worker; also its process group.</summary>
    public int WorkerProcessId => _process.Id;

    /// <summary>Starts a worker and its appliance with the disks attached.</summary>
    /// <exception cref="ApplianceException">It does not start.</exception>
    internal static async Task<ApplianceSession> StartAsync(
        ApplianceOptions options, string scratch, IReadOnlyList<ApplianceDisk> disks, Acceleration acceleration, TimeProvider time, CancellationToken cancellationToken)
    {
        var limit = acceleration == Acceleration.Kvm && options.KvmLaunchTimeout < options.Timeout ? options.KvmLaunchTimeout : options.Timeout;
        var deadline = new CancellationTokenSource(limit, time);
        ApplianceSession session;
        try
        {
            session = new ApplianceSession(ChildProcess.Start(StartInfo(options, scratch)), deadline);
        }
        catch
        {
            deadline.Dispose();
            throw;
        }

        try
        {
            await session.ReceiveAsync("hello", cancellationToken);
            session._process.HasOwnGroup = true;
            var launch = new ApplianceLaunch { Disks = disks, MemoryMiB = options.MemoryMiB, Acceleration = acceleration, Scratch = scratch };
            await session.CallAsync("launch", [JsonSerializer.Serialize(launch)], default, cancellationToken);
            deadline.CancelAfter(options.Timeout);
            return session;
        }
        catch (Exception e) when (e is GuestfsException || (e is ApplianceException broken && broken.Code == ApplianceException.Broken))
        {
            // A worker that ended has its last words in the message already.
            var noise = e is GuestfsException ? $". {session._process.LastErrorLines}" : "";
            await session.DisposeAsync();
            throw new ApplianceException(ApplianceException.NotStarted, $"The libguestfs appliance did not start: {e.Message}{noise}", e);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Flushes everything to the disks and stops the appliance; after this the overlay holds all writes.</summary>
    public Task ShutdownAsync(CancellationToken cancellationToken) => CallAsync("shutdown", [], default, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _deadline.Dispose();
        _turn.Dispose();
    }

    internal Task<WorkerFrame> CallAsync(string operation, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        CallAsync(operation, arguments, default, cancellationToken);

    internal async Task<WorkerFrame> CallAsync(string operation, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var request = new WorkerFrame { Operation = operation, Values = arguments, Payload = payload };
            await GuardAsync(operation, async token =>
            {
                await request.WriteAsync(_process.Input, token);
                return 0;
            }, cancellationToken);
            var answer = await ReceiveAsync(operation, cancellationToken);
            return answer.Error is null ? answer : throw new GuestfsException(operation, answer.Error, answer.Errno);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static ProcessStartInfo StartInfo(ApplianceOptions options, string scratch)
    {
        var command = options.WorkerCommand.Count > 0 ? [.. options.WorkerCommand] : OwnCommand();
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = scratch,
        };
        command.Skip(1).Append(GuestWorker.Argument).Append(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)).ToList().ForEach(start.ArgumentList.Add);
        ChildEnvironment.Reduce(start);
        start.Environment["TMPDIR"] = scratch;
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }

    private static List<string> OwnCommand()
    {
        var program = Environment.ProcessPath ?? throw new ApplianceException(ApplianceException.NotStarted, "The program's own path is unknown.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" && Assembly.GetEntryAssembly()?.Location is { Length: > 0 } assembly
            ? [program, assembly]
            : [program];
    }

    private async Task<WorkerFrame> ReceiveAsync(string operation, CancellationToken cancellationToken) =>
        await GuardAsync(operation, token => WorkerFrame.ReadAsync(_process.Output, token), cancellationToken)
            ?? throw new ApplianceException(ApplianceException.Broken, $"The guest worker ended during '{operation}'. {await _process.LastWordsAsync()}");

    /// <summary>Whatever interrupts a call leaves the conversation in an unknown state: the worker is killed then.</summary>
    private async Task<T> GuardAsync<T>(string operation, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _deadline.Token);
        try
        {
            return await call(both.Token).WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _process.Kill();
            throw new ApplianceException(ApplianceException.TimedOut, $"The guest worker was killed during '{operation}': its time was up.");
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            throw;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            _process.Kill();
            throw new ApplianceException(ApplianceException.Broken, $"The guest worker broke off during '{operation}'. {await _process.LastWordsAsync()}", e);
        }
    }
}
