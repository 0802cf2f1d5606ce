using System.Globalization;
using System.Text.Json;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal.Consoles;
using Ferry.Fixup.Rehearsal.Models;
using Ferry.Fixup.Rehearsal.Screens;

namespace Ferry.Fixup.Rehearsal.Qemu;

/// <summary>A machine under QEMU: a child of its own that dies with this process, with its consoles, its control protocol and the guest agent. One call at a time.</summary>
internal sealed class QemuMachine : IRehearsalMachine
{
    private const int MemoryPiece = 64 << 20;
    private const int LooksBetweenSearches = 4;
    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly List<IAsyncDisposable> _connections = [];
    private readonly long _memory;
    private int _drawn;
    private ConsoleReader _serial = null!;
    private ConsoleReader _firmware = null!;
    private GuestAgentPing? _agent;
    private QmpClient _control = null!;

    private QemuMachine(ChildProcess process, string folder, long memory, TimeProvider time)
    {
        _memory = memory;
        _process = process;
        _folder = folder;
        _time = time;
    }

    /// <summary>Takes QEMU's connections and waits until it is ready; the machine runs from the beginning.</summary>
    /// <exception cref="RehearsalException">QEMU ended, or did not connect within a minute.</exception>
    public static async Task<QemuMachine> StartAsync(
        Func<ChildProcess> start, QemuSockets sockets, MachineSpecification specification, TimeProvider time, CancellationToken cancellationToken)
    {
        using var control = new UnixListener(sockets.Control);
        using var serial = new UnixListener(sockets.Serial);
        using var firmware = new UnixListener(sockets.Firmware);
        using var port = specification.Model.Virtio ? new UnixListener(sockets.Agent) : null;
        var machine = new QemuMachine(start(), sockets.Folder, (long)specification.MemoryMiB << 20, time);
        try
        {
            machine._serial = machine.Own(new ConsoleReader(await machine.AcceptAsync(serial, cancellationToken)));
            machine._firmware = machine.Own(new ConsoleReader(await machine.AcceptAsync(firmware, cancellationToken)));
            machine._control = machine.Own(new QmpClient(await machine.AcceptAsync(control, cancellationToken)));
            if (port is not null)
            {
                machine._agent = machine.Own(new GuestAgentPing(await machine.AcceptAsync(port, cancellationToken), time));
            }

            await machine.GuardAsync(RehearsalException.NotStarted, async token =>
            {
                await machine._control.StartAsync(token);
                return true;
            }, cancellationToken);
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<MachineObservation> ObserveAsync(bool look, CancellationToken cancellationToken)
    {
        if (_control.Ended)
        {
            throw new RehearsalException(RehearsalException.Broken, $"QEMU ended by itself. {await _process.LastWordsAsync()}");
        }

        var lines = new List<ConsoleLine>();
        lines.AddRange(_firmware.TakeFresh().Select(text => new ConsoleLine(ConsoleSource.Firmware, text)));
        lines.AddRange(_serial.TakeFresh().Select(text => new ConsoleLine(ConsoleSource.Serial, text)));
        var picture = look ? await TakePictureAsync(cancellationToken) : null;
        if (picture is not null && TextScreen.IsTextMode(picture.Width, picture.Height))
        {
            lines.AddRange((await ReadScreenAsync(cancellationToken)).Select(text => new ConsoleLine(ConsoleSource.Screen, text)));
            picture = null;
        }
        else if (picture is not null && _drawn++ % LooksBetweenSearches == 0)
        {
            lines.AddRange((await SearchMemoryAsync(cancellationToken)).Select(text => new ConsoleLine(ConsoleSource.Memory, text)));
        }

        return WithEvents(new MachineObservation { Lines = lines, Picture = picture, AgentAnswered = _agent?.Answered == true });
    }

    /// <inheritdoc/>
    public async Task<ScreenPicture?> TakePictureAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, "screen.ppm");
        await ExecuteAsync("screendump", new { filename = file }, cancellationToken);
        return ScreenPicture.Read(await File.ReadAllBytesAsync(file, cancellationToken));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> LastSerialLines(int count) => _serial.Last(count);

    /// <inheritdoc/>
    public async Task QuitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync("quit", null, cancellationToken);
        }
        catch (RehearsalException) when (_control.Ended)
        {
            // It may be gone before its answer is.
        }

        try
        {
            await _process.Ended.WaitAsync(CommandPatience, _time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new RehearsalException(RehearsalException.Broken, "QEMU did not end when it was asked to.", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        await _process.DisposeAsync();
    }

    private static ulong? StopCodeOf(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty("info", out var info) && info.ValueKind == JsonValueKind.Object
        && info.TryGetProperty("arg1", out var code) && code.TryGetUInt64(out var number) ? number : null;

    private static bool IsByGuest(JsonElement data) => data.ValueKind == JsonValueKind.Object && data.TryGetProperty("guest", out var guest) && guest.ValueKind == JsonValueKind.True;

    private MachineObservation WithEvents(MachineObservation seen)
    {
        foreach (var happened in _control.TakeEvents())
        {
            seen = happened.Name switch
            {
                "RESET" when IsByGuest(happened.Data) => seen with { Restarts = seen.Restarts + 1 },
                "SHUTDOWN" when IsByGuest(happened.Data) => seen with { PoweredOff = true },
                _ when happened.Name.EndsWith("_PANICKED", StringComparison.Ordinal) => seen with { Crashed = true, StopCode = StopCodeOf(happened.Data) },
                _ => seen,
            };
        }

        return seen;
    }

    private async Task<IReadOnlyList<string>> ReadScreenAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, "screen.txt");
        await ExecuteAsync("pmemsave", new { val = TextScreen.Address, size = TextScreen.Size, filename = file }, cancellationToken);
        return TextScreen.Read(await File.ReadAllBytesAsync(file, cancellationToken));
    }

    /// <summary>Reads the machine's memory piece by piece, which costs a second for 2 GiB.</summary>
    private async Task<IReadOnlyList<string>> SearchMemoryAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, "memory");
        var lines = new List<string>();
        for (var position = 0L; position < _memory; position += MemoryPiece)
        {
            await ExecuteAsync("pmemsave", new { val = position, size = Math.Min(MemoryPiece, _memory - position), filename = file }, cancellationToken);
            lines.AddRange(ConsoleMemory.Find(await File.ReadAllBytesAsync(file, cancellationToken)));
        }

        File.Delete(file);
        return lines;
    }

    private T Own<T>(T connection) where T : IAsyncDisposable
    {
        _connections.Insert(0, connection);
        return connection;
    }

    private Task<Stream> AcceptAsync(UnixListener listener, CancellationToken cancellationToken) =>
        GuardAsync<Stream>(RehearsalException.NotStarted, async token =>
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(token);
            var accepted = listener.AcceptAsync(ended.Token);
            if (await Task.WhenAny(accepted, _process.Ended) == accepted)
            {
                return await accepted;
            }

            await ended.CancelAsync();
            await accepted.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            var code = (await _process.Ended).ToString(CultureInfo.InvariantCulture);
            throw new QmpException($"QEMU ended with code {code}.");
        }, cancellationToken);

    private Task<JsonElement> ExecuteAsync(string command, object? arguments, CancellationToken cancellationToken) =>
        GuardAsync(RehearsalException.Broken, token => _control.ExecuteAsync(command, arguments, token), cancellationToken);

    private async Task<T> GuardAsync<T>(string code, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(CommandPatience, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await call(both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RehearsalException(code, $"QEMU did not answer for a minute. {_process.LastErrorLines}", e);
        }
        catch (QmpException e)
        {
            throw new RehearsalException(code, $"{e.Message} {(_process.Ended.IsCompleted ? await _process.LastWordsAsync() : _process.LastErrorLines)}".TrimEnd(), e);
        }
    }
}
