using System.Globalization;
using System.Security.Cryptography;
using Ferry.Contracts;
using Ferry.Contracts.Library;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Library;

namespace Ferry.Transfer.Library;

/// <summary>Reads every file of a machine and compares it with its size and SHA-256. Goes on behind the files that an earlier worker has compared.</summary>
public sealed class VerifyMachineHandler(LibraryShare library, LibraryVerifications verifications, TimeProvider time) : IJobHandler<VerifyMachine>
{
    /// <summary>Name of the step.</summary>
    public const string Step = "verify-library";

    private const int BufferBytes = 1 << 20;

    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<VerifyMachine> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var (name, runId) = (job.Command.Name, job.Command.RunId);
        var (record, failure) = Read(name);
        var run = await verifications.GetAsync(name, cancellationToken);
        var compared = run?.RunId == runId ? run.Files : 0;
        foreach (var file in record?.Files.Skip(compared) ?? [])
        {
            var (bytes, problem) = await CompareAsync(Path.Combine(library.Of(name), file.Name), file, cancellationToken);
            job.CheckLease();
            await verifications.ChangeAsync(name, runId, document => Count(document, record!.Id, file.Name, bytes, problem), cancellationToken);
        }

        // A machine that was removed meanwhile is not damaged.
        (var still, failure) = failure is null ? Read(name) : (null, failure);
        failure ??= still?.Id == record?.Id ? null : Unknown(name);
        var ended = await verifications.ChangeAsync(name, runId, document => (document.EndedAt, document.Failure, document.MachineId) = (time.GetUtcNow(), failure, record?.Id), cancellationToken);
        return new LibraryMachineVerified
        {
            Name = name,
            Verification = ended?.ToView() ?? new LibraryVerificationView { Id = runId, StartedAt = time.GetUtcNow(), EndedAt = time.GetUtcNow(), Failure = failure },
        };
    }

    private static void Count(LibraryVerificationDocument document, Guid machine, string file, long bytes, string? problem)
    {
        document.MachineId = machine;
        document.Files++;
        document.Bytes += bytes;
        if (problem is not null)
        {
            document.Damaged.Add(new LibraryDamage { File = file, Problem = problem });
        }
    }

    private (LibraryRecord? Record, Failure? Failure) Read(string name)
    {
        try
        {
            return library.TryRead(name) is { } record ? (record, null) : (null, Unknown(name));
        }
        catch (InvalidDataException exception)
        {
            return (null, new Failure
            {
                Code = TransferErrors.LibraryUnusable, Message = $"The machine's {LibraryRecord.FileName} {exception.Message}.", Where = $"{LibraryName.Prefix}{name}",
                Remedy = "Remove the machine from the library and add it again.",
            });
        }
    }

    private static Failure Unknown(string name) => new()
    {
        Code = TransferErrors.LibraryUnknown, Message = "There is no complete machine of that name in the library.", Where = $"{LibraryName.Prefix}{name}", Remedy = "See ferry library list.",
    };

    private static async Task<(long Bytes, string? Problem)> CompareAsync(string path, LibraryRecordFile file, CancellationToken cancellationToken)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.LinkTarget is not null)
            {
                return (0, "It is a link, and was a file.");
            }

            if (info.Exists && info.Length != file.Size)
            {
                return (0, string.Create(CultureInfo.InvariantCulture, $"It has {info.Length} bytes, and had {file.Size}."));
            }

            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan | FileOptions.Asynchronous);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferBytes];
            var bytes = 0L;
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0; bytes += read)
            {
                hash.AppendData(buffer.AsSpan(0, read));
            }

            var now = Convert.ToHexStringLower(hash.GetHashAndReset());
            return (bytes, now == file.Sha256 ? null : $"Its SHA-256 is {now}, and was {file.Sha256}.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return (0, "It is missing.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (0, $"It cannot be read: {exception.Message}");
        }
    }
}
