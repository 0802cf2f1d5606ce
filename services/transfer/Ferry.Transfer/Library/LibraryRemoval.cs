using Ferry.Chunks.Store;
using Ferry.Contracts;
using Ferry.Contracts.Library;
using Ferry.Hosting.Library;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Library;

/// <summary>
/// Removes machines: one that is being added is given up; one that is complete goes when the orchestrator has said that no conversion reads it, by a rename and then for good.
/// Safe for concurrent use.
/// </summary>
public sealed class LibraryRemoval(LibraryShare library, LibraryEntries entries, LibraryAdding adding, TransferJobs jobs, TimeProvider time, ILogger<LibraryRemoval> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Removes a machine.</summary>
    /// <returns>True: it is gone. False: the orchestrator has not answered yet; it goes by itself. Null: there is none.</returns>
    /// <exception cref="LibraryRefusedException">A conversion reads it.</exception>
    public async Task<bool?> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var entry = await entries.GetAsync(name, cancellationToken);
        var there = LibraryName.Problem(name) is null && library.Find(name) is { } found && File.Exists(Path.Combine(library.Of(found), LibraryRecord.FileName)) ? found : null;
        if (there is null)
        {
            return entry is null ? null : await GiveUpAsync(entry, cancellationToken);
        }

        while (entry is not { State: LibraryEntryState.Removing })
        {
            if (entry is not null && !await adding.IsOverAsync(entry, cancellationToken))
            {
                throw Refused(TransferErrors.LibraryNameExists, "A machine is being added under that name.", there, "Cancel its transfer first.");
            }

            var removal = new LibraryEntryDocument
            {
                Id = LibraryEntryDocument.IdOf(name), Name = there, RequestId = Guid.CreateVersion7(time.GetUtcNow()), State = LibraryEntryState.Removing, ChangedAt = time.GetUtcNow(),
            };
            removal.Ask(library.Of(there), time.GetUtcNow());
            entry = await entries.TryPutAsync(entry, removal, cancellationToken) ? removal : await entries.GetAsync(name, cancellationToken);
        }

        return await WaitAsync(entry, cancellationToken);
    }

    /// <summary>The orchestrator has said who reads the machine.</summary>
    public async Task TakeUseAsync(LibraryUseChecked said, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(said);
        if (said.Conversions.Count > 0)
        {
            await entries.ChangeAsync(
                said.RequestId,
                LibraryEntryState.Removing,
                entry => (entry.State, entry.ChangedAt, entry.Failure) = (LibraryEntryState.RemovalRefused, time.GetUtcNow(), new Failure
                {
                    Code = TransferErrors.LibraryInUse,
                    Message = $"The machine is read by {(said.Conversions.Count == 1 ? "the conversion" : "conversions, among them")} {said.Conversions[0]}.",
                    Where = $"{LibraryName.Prefix}{entry.Name}",
                    Remedy = "Wait until it has ended, or cancel it; then remove the machine.",
                }),
                cancellationToken);
            return;
        }

        if (await entries.FindAsync(said.RequestId, cancellationToken) is not { State: LibraryEntryState.Removing } removal)
        {
            return;
        }

        var trash = library.TakeOut(removal.Name);
        if (trash is not null)
        {
            DurableFolder.Flush(library.Folder!);
        }

        await entries.ForgetAsync(removal, cancellationToken);
        if (trash is not null)
        {
            library.Empty(trash);
            Log.MachineRemoved(logger, removal.Name);
        }
    }

    private async Task<bool?> GiveUpAsync(LibraryEntryDocument entry, CancellationToken cancellationToken)
    {
        // The document first: what comes from capture behind it finds nobody.
        await entries.ForgetAsync(entry, cancellationToken);
        if (entry.State is LibraryEntryState.Listing or LibraryEntryState.Transferring)
        {
            await jobs.TryCancelAsync(entry.RequestId, cancellationToken);
        }

        return true;
    }

    private async Task<bool?> WaitAsync(LibraryEntryDocument removal, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await entries.FindAsync(removal.RequestId, cancellationToken) is { } now)
        {
            if (now.State is LibraryEntryState.RemovalRefused)
            {
                await entries.ForgetAsync(now, cancellationToken);
                throw Refused(now.Failure!.Code, now.Failure.Message, removal.Name, now.Failure.Remedy);
            }

            if (time.GetElapsedTime(started) > Patience)
            {
                return false;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }

        return true;
    }

    private static LibraryRefusedException Refused(string code, string message, string name, string remedy) => new(code, message, $"{LibraryName.Prefix}{name}", remedy);
}
