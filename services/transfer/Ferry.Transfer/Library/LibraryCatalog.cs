using Ferry.Contracts;
using Ferry.Contracts.Library;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Library;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Library;

/// <summary>What is in the library: the complete machines, whose folders are the truth, and those that are being added or removed. Safe for concurrent use.</summary>
public sealed class LibraryCatalog(LibraryShare library, LibraryEntries entries, LibraryVerifications verifications, TransferJobs jobs)
{
    /// <summary>All machines, by name.</summary>
    public async Task<LibraryPage> ListAsync(CancellationToken cancellationToken)
    {
        var going = (await entries.Documents.QueryAsync(DocumentQuery.All, cancellationToken)).ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        var machines = new List<LibraryMachineView>();
        foreach (var (name, record) in library.List())
        {
            going.Remove(LibraryEntryDocument.IdOf(name), out var entry);
            machines.Add(await ReadyAsync(name, record, entry, cancellationToken));
        }

        foreach (var entry in going.Values)
        {
            if (await GoingAsync(entry, cancellationToken) is { } view)
            {
                machines.Add(view);
            }
        }

        return new LibraryPage { Machines = [.. machines.OrderBy(machine => machine.Name, StringComparer.OrdinalIgnoreCase)] };
    }

    /// <summary>One machine, or null.</summary>
    public async Task<LibraryMachineView?> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (LibraryName.Problem(name) is not null)
        {
            return null;
        }

        var entry = await entries.GetAsync(name, cancellationToken);
        if (library.Find(name) is { } found && library.List().FirstOrDefault(machine => machine.Name == found) is { Name: not null } there)
        {
            return await ReadyAsync(there.Name, there.Record, entry, cancellationToken);
        }

        return entry is null ? null : await GoingAsync(entry, cancellationToken);
    }

    private async Task<LibraryMachineView> ReadyAsync(string name, LibraryRecord? record, LibraryEntryDocument? entry, CancellationToken cancellationToken)
    {
        var verification = await verifications.GetAsync(name, cancellationToken);
        var bytes = record?.Files.Sum(file => file.Size) ?? 0;
        return new LibraryMachineView
        {
            Name = name,
            State = record is null ? LibraryMachineState.Failed : entry?.State is LibraryEntryState.Removing ? LibraryMachineState.Removing : LibraryMachineState.Ready,
            Kind = record?.Kind == LibraryRecord.ConvertedKind ? LibraryMachineKind.Converted : LibraryMachineKind.Source,
            Id = record?.Id ?? Guid.Empty,
            Source = record?.Source ?? "",
            Descriptor = record?.Descriptor,
            AddedAt = record?.AddedAt,
            Files = [.. (record?.Files ?? []).Select(file => new LibraryFileView { Name = file.Name, Size = file.Size, Sha256 = file.Sha256 })],
            BytesTotal = bytes,
            BytesDone = bytes,
            Failure = record is not null ? null : new Failure
            {
                Code = TransferErrors.LibraryUnusable, Message = $"The machine's {LibraryRecord.FileName} cannot be understood.", Where = $"{LibraryName.Prefix}{name}",
                Remedy = "Remove the machine and add it again.",
            },
            Verification = verification is not null && (!verification.Ended || verification.MachineId == record?.Id) ? verification.ToView() : null,
        };
    }

    // Null: it is over, and what it was about is not there.
    private async Task<LibraryMachineView?> GoingAsync(LibraryEntryDocument entry, CancellationToken cancellationToken)
    {
        var view = new LibraryMachineView
        {
            Name = entry.Name,
            State = entry.State is LibraryEntryState.Refused ? LibraryMachineState.Failed : LibraryMachineState.Listing,
            Kind = LibraryMachineKind.Source,
            Id = entry.RequestId,
            Source = LibraryAdding.Show(entry.Source),
            Failure = entry.Failure,
        };
        if (entry.State is LibraryEntryState.Removing or LibraryEntryState.RemovalRefused)
        {
            return null;
        }

        if (await jobs.GetAsync(entry.RequestId, cancellationToken) is not { Machine: { } machine } job)
        {
            return entry.State is LibraryEntryState.Transferring ? null : view;
        }

        return TransferTransitions.IsFinal(job.State) ? null : view with
        {
            State = job.State is TransferJobState.Error ? LibraryMachineState.Failed : LibraryMachineState.Transferring,
            Descriptor = machine.Descriptor,
            BytesTotal = job.Counters.BytesTotal,
            BytesDone = job.Counters.BytesDone,
            WaitingFor = job.WaitingFor,
            Failure = job.Failure,
        };
    }
}
