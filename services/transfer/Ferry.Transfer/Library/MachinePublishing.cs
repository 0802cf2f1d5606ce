using Ferry.Chunks.Store;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Library;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Library;

/// <summary>Lets a machine whose files have all arrived and are verified appear in the library, by one rename.</summary>
internal static class MachinePublishing
{
    /// <summary>Kind of the folders in which machines grow here.</summary>
    public const string Kind = "add";

    /// <summary>The folder in which a job's machine grows.</summary>
    public static string StagingOf(LibraryShare library, TransferJobDocument document) => library.Staging(Kind, IdOf(document));

    /// <summary>Writes the record and renames the folder. May be repeated after a crash at any point.</summary>
    /// <exception cref="JobFailedException">There is a machine of that name.</exception>
    /// <exception cref="IOException">The library cannot be written.</exception>
    public static async Task PublishAsync(RunParts parts, JobContext<RunTransfer> job, TransferJobDocument document, CancellationToken cancellationToken)
    {
        var machine = document.Machine!;
        var library = parts.Library;
        var staging = StagingOf(library, document);
        if (!Directory.Exists(staging) && IsOurs(library, document))
        {
            return; // A crash came behind the rename.
        }

        await job.WaitOutFormerWorkersAsync(cancellationToken);
        job.CheckLease();
        var record = new LibraryRecord
        {
            Name = machine.Name,
            Id = IdOf(document),
            Kind = LibraryRecord.SourceKind,
            Source = machine.Source,
            Descriptor = machine.Descriptor,
            Format = machine.Format,
            AddedAt = parts.Time.GetUtcNow(),
            Files = [.. document.Files.Select(file => new LibraryRecordFile
            {
                Name = file.Destination!, Size = file.Size ?? 0, Sha256 = file.Sha256!, Source = file.Shown, ETag = file.Pin?.ETag,
            })],
        };
        WriteDurably(Path.Combine(staging, LibraryRecord.FileName), record.ToBytes());
        DurableFolder.Flush(staging);
        job.FaultPoint("library.beforeRename");
        job.CheckLease();
        if (!library.TryPublish(staging, machine.Name))
        {
            throw TransferFailures.Create(
                TransferErrors.LibraryNameExists, "Meanwhile a machine of that name has appeared in the library.", $"library:{machine.Name}",
                "Remove the other one and resume the transfer, or cancel it and add the machine under another name.");
        }

        DurableFolder.Flush(library.Folder!);
        job.FaultPoint("library.afterRename");
    }

    /// <summary>Removes what a job that is given up has made. Harmless when it is removed already.</summary>
    public static void Remove(LibraryShare library, TransferJobDocument document)
    {
        if (library.Folder is null)
        {
            return;
        }

        library.Empty(StagingOf(library, document));
        if (IsOurs(library, document) && library.TakeOut(document.Machine!.Name) is { } trash)
        {
            DurableFolder.Flush(library.Folder);
            library.Empty(trash);
        }
    }

    private static bool IsOurs(LibraryShare library, TransferJobDocument document) => library.TryReadId(document.Machine!.Name) == IdOf(document);

    private static Guid IdOf(TransferJobDocument document) => Guid.ParseExact(document.Id, "N");

    private static void WriteDurably(string path, ReadOnlySpan<byte> content)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        RandomAccess.Write(file, content, 0);
        RandomAccess.FlushToDisk(file);
    }
}
