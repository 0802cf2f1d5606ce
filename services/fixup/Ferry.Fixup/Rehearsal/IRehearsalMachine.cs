using Ferry.Fixup.Rehearsal.Screens;

namespace Ferry.Fixup.Rehearsal;

/// <summary>A machine that was started. Gone, with everything of it, when disposed.</summary>
internal interface IRehearsalMachine : IAsyncDisposable
{
    /// <summary>What was seen of it since the last call.</summary>
    /// <param name="look">Whether the screen is looked at, too.</param>
    /// <param name="cancellationToken">Stops it; the machine is of no use after that.</param>
    /// <exception cref="RehearsalException">The machine broke off.</exception>
    Task<MachineObservation> ObserveAsync(bool look, CancellationToken cancellationToken);

    /// <summary>A picture of the screen as it is, or null.</summary>
    /// <exception cref="RehearsalException">The machine broke off.</exception>
    Task<ScreenPicture?> TakePictureAsync(CancellationToken cancellationToken);

    /// <summary>The last lines of the serial console.</summary>
    IReadOnlyList<string> LastSerialLines(int count);

    /// <summary>Ends it in order: what it has written is in its disks then. Must have switched itself off before for its file systems to be whole.</summary>
    /// <exception cref="RehearsalException">The machine broke off.</exception>
    Task QuitAsync(CancellationToken cancellationToken);
}
