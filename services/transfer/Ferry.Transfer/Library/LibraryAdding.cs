using Ferry.Contracts;
using Ferry.Contracts.Jobs;
using Ferry.Contracts.Library;
using Ferry.Contracts.Transfer;
using Ferry.DiskImages.Sources;
using Ferry.Hosting.Library;
using Ferry.Transfer.Fetching;
using Ferry.Transfer.Jobs;
using Ferry.Transfer.Sources;

namespace Ferry.Transfer.Library;

/// <summary>
/// Brings machines into the library: capture says which files the source has, one transfer job moves all of them into a folder that nobody sees, and the job lets that appear when
/// everything is there and verified. Every step may be repeated. Safe for concurrent use.
/// </summary>
public sealed class LibraryAdding(LibraryShare library, LibraryEntries entries, TransferJobs jobs, TimeProvider time)
{
    /// <summary>Name of capture's step in its failures.</summary>
    public const string ListStep = "list-files";

    /// <summary>Begins to add a machine, or finds what the same request began before.</summary>
    /// <returns>The name, and whether it is new.</returns>
    /// <exception cref="LibraryRefusedException">There is something of that name already.</exception>
    public async Task<(string Name, bool Created)> AddAsync(LibraryAddRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var name = request.Name ?? LibraryName.From(FileNameOf(request.Source));
        while (true)
        {
            var before = await entries.GetAsync(name, cancellationToken);
            if (before?.RequestId == request.Id)
            {
                return before.Source == request.Source ? (before.Name, false) : throw Exists(name, "The id belongs to another request.");
            }

            if (library.Find(name) is not null)
            {
                return library.TryReadId(name) == request.Id ? (name, false) : throw Exists(name, "There is something of that name in the library.");
            }

            if (before is not null && !await IsOverAsync(before, cancellationToken))
            {
                throw Exists(name, "A machine is being added, or removed, under that name.");
            }

            if ((await jobs.GetAsync(request.Id, cancellationToken)) is not null || await entries.FindAsync(request.Id, cancellationToken) is not null)
            {
                throw Exists(name, "The id belongs to another request, or to a transfer job that has ended; take another id.");
            }

            var entry = new LibraryEntryDocument
            {
                Id = LibraryEntryDocument.IdOf(name),
                Name = name,
                RequestId = request.Id,
                State = LibraryEntryState.Listing,
                Source = request.Source,
                SourceFormat = request.SourceFormat,
                Credential = request.Credential,
                Link = request.Link,
                Priority = request.Priority,
                ChangedAt = time.GetUtcNow(),
            };
            entry.Ask(library.Of(name), time.GetUtcNow());
            if (await entries.TryPutAsync(before, entry, cancellationToken))
            {
                return (name, true);
            }
        }
    }

    /// <summary>Capture has listed the files: makes the transfer job, then says that it goes on. A repeat finds the same job.</summary>
    public async Task TakeFilesAsync(SourceFilesListed listed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(listed);
        if (await entries.FindAsync(listed.RequestId, cancellationToken) is not { State: LibraryEntryState.Listing } entry)
        {
            return; // It was given up meanwhile, or the message is a repeat.
        }

        var problem = listed.Files.FirstOrDefault(file => LibraryFile.Problem(file.Name) is not null || file.Name.Contains('/', StringComparison.Ordinal) || IsRecord(file.Name));
        if (problem is not null || listed.Files.Count == 0)
        {
            await RefuseAsync(listed.RequestId, new Failure
            {
                Code = TransferErrors.LibraryFileName,
                Message = $"The library takes no file of the name '{problem?.Name}'.",
                Where = Show(entry.Source),
                Remedy = "Rename the file and the reference to it in the machine's descriptor, or export the machine to an OVF package.",
            }, cancellationToken);
            return;
        }

        if (!await jobs.AddMachineAsync(JobOf(entry, listed), cancellationToken))
        {
            await RefuseAsync(listed.RequestId, new Failure
            {
                Code = TransferErrors.IdTaken, Message = "The id belongs to a transfer job.", Where = entry.RequestId.ToString(), Remedy = "Add it again with another id.",
            }, cancellationToken);
            return;
        }

        if (await entries.ChangeAsync(listed.RequestId, LibraryEntryState.Listing, document => document.State = LibraryEntryState.Transferring, cancellationToken) is null)
        {
            // Given up at this very moment: the job goes, too.
            await jobs.TryCancelAsync(listed.RequestId, cancellationToken);
        }
    }

    /// <summary>Capture cannot read the source.</summary>
    public Task TakeFailureAsync(StepFailed failed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(failed);
        return failed.Step == ListStep ? RefuseAsync(failed.ConversionId, failed.Failure, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Whether nothing goes on under a name any more, and another request may take it.</summary>
    public async Task<bool> IsOverAsync(LibraryEntryDocument entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.State switch
        {
            LibraryEntryState.Refused or LibraryEntryState.RemovalRefused => true,
            LibraryEntryState.Transferring => await jobs.GetAsync(entry.RequestId, cancellationToken) is not { } job || TransferTransitions.IsFinal(job.State),
            _ => false,
        };
    }

    /// <summary>A source as it may be shown.</summary>
    public static string Show(string source) => Uri.TryCreate(source, UriKind.Absolute, out var url) && !url.IsFile ? SourceUrl.Show(url) : source;

    private Task<LibraryEntryDocument?> RefuseAsync(Guid requestId, Failure failure, CancellationToken cancellationToken) => entries.ChangeAsync(
        requestId,
        LibraryEntryState.Listing,
        document => (document.State, document.Failure, document.ChangedAt) = (LibraryEntryState.Refused, failure, time.GetUtcNow()),
        cancellationToken);

    private TransferJobDocument JobOf(LibraryEntryDocument entry, SourceFilesListed listed) => new()
    {
        Id = TransferJobDocument.IdOf(entry.RequestId),
        Name = $"{LibraryName.Prefix}{entry.Name}",
        Owner = "library",
        Priority = entry.Priority,
        State = TransferJobState.Queued,
        Credential = entry.Credential,
        Link = entry.Link,
        Machine = new TransferMachine { Name = entry.Name, Source = Show(entry.Source), Descriptor = listed.Descriptor, Format = entry.SourceFormat },
        Files = [.. listed.Files.Select(file => new TransferFile
        {
            Source = file.Location,
            Destination = file.Name,
            Shown = Show(file.Location),
            Size = file.Size,
            BytesTotal = file.Size,
            Pin = new SourcePin { Name = file.Name, Length = file.Size, ETag = file.ETag, ModifiedTicks = file.ModifiedTicks, Inode = file.Inode },
        })],
        Counters = new TransferCounters { FilesTotal = listed.Files.Count, BytesTotal = listed.Files.Sum(file => file.Size) },
        UnfinishedCall = true,
        CreatedAt = time.GetUtcNow(),
    };

    private static bool IsRecord(string name) => string.Equals(name, LibraryRecord.FileName, StringComparison.OrdinalIgnoreCase);

    private static string FileNameOf(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var url) && !url.IsFile ? Uri.UnescapeDataString(url.Segments[^1]) : Path.GetFileName(source);

    private static LibraryRefusedException Exists(string name, string message) =>
        new(TransferErrors.LibraryNameExists, message, $"{LibraryName.Prefix}{name}", "Choose another name, or remove what is there.");
}
