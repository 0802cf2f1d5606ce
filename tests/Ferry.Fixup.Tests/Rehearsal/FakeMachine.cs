using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal;
using Ferry.Fixup.Rehearsal.Consoles;
using Ferry.Fixup.Rehearsal.Models;
using Ferry.Fixup.Rehearsal.Screens;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>A machine that shows what it was told to, one observation a second; the last again and again.</summary>
internal sealed class FakeMachine(params MachineObservation[] story) : IRehearsalMachine, IRehearsalStarter
{
    private readonly SemaphoreSlim _turns = new(0);
    private int _turn;

    public RehearsalException? Fault { get; init; }

    public MachineSpecification? Started { get; private set; }

    public bool Quit { get; private set; }

    public bool Disposed { get; private set; }

    public static MachineObservation Says(params string[] lines) => new() { Lines = [.. lines.Select(line => new ConsoleLine(ConsoleSource.Serial, line))] };

    public Task<(IRehearsalMachine Machine, Acceleration Acceleration)> StartAsync(MachineSpecification machine, CancellationToken cancellationToken)
    {
        Started = machine;
        _turns.Release();
        return Fault is null ? Task.FromResult(((IRehearsalMachine)this, Acceleration.Tcg)) : throw Fault;
    }

    /// <summary>Waits until it is looked at again, or is done with.</summary>
    public Task NextTurnAsync() => _turns.WaitAsync(TestContext.Current.CancellationToken);

    public Task<MachineObservation> ObserveAsync(bool look, CancellationToken cancellationToken)
    {
        _turns.Release();
        return Task.FromResult(story.Length == 0 ? new MachineObservation() : story[Math.Min(_turn++, story.Length - 1)]);
    }

    public Task<ScreenPicture?> TakePictureAsync(CancellationToken cancellationToken) => Task.FromResult<ScreenPicture?>(Pictures.Of(1, 2, 3, text: 0.1));

    public IReadOnlyList<string> LastSerialLines(int count) => ["the last line"];

    public Task QuitAsync(CancellationToken cancellationToken)
    {
        Quit = true;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
