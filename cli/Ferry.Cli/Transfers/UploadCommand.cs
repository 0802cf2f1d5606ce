using System.CommandLine;
using System.Text.Json;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Uploads;
using Ferry.Cli.Commands;
using Ferry.Cli.Image;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;
using Ferry.Contracts;
using Ferry.Contracts.Transfer;
using Ferry.DiskImages;
using Ferry.DiskImages.FileSystems;

namespace Ferry.Cli.Transfers;

/// <summary><c>ferry transfer upload IMAGE</c>.</summary>
internal static class UploadCommand
{
    // A client that went away is waited for: the same command goes on within this time.
    private const double NoProgressSeconds = 7 * 86_400d;
    private const int MostGenerations = 1000;

    public static Command Create()
    {
        var image = ImageArguments.Image();
        var format = ImageArguments.Format();
        var name = new Option<string?>("--name") { Description = "Name of the job (default: that of the image)." };
        var owner = new Option<string>("--owner") { Description = "Who it belongs to.", DefaultValueFactory = _ => Environment.UserName };
        var priority = new Option<TransferPriority>("--priority") { Description = "foreground, high, normal or low.", DefaultValueFactory = _ => TransferPriority.Normal };
        var link = new Option<string?>("--link") { Description = "Name of the link whose limit it uses." };
        var allBlocks = new Option<bool>("--all-blocks") { Description = "Send also what no file system of the guest uses." };
        var connections = new Option<int>("--connections") { Description = "Connections to send over, 1 to 16.", DefaultValueFactory = _ => 4 };
        connections.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 16)
            {
                result.AddError("--connections is not from 1 to 16.");
            }
        });
        var json = Arguments.Json();
        var command = new Command("upload", "Sends a disk image to the chunk store; only what the server lacks. The same command again goes on with the same job.")
        {
            image, format, name, owner, priority, link, allBlocks, connections, json,
        };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await OpenedImage.OpenAsync(parsed.GetRequiredValue(image), ImageArguments.Opening(parsed.GetValue(format), activeState: false), cancellationToken);
            var disk = opened.Reader;
            if (disk.Capacity == 0)
            {
                throw CliException.Usage("The disk has no bytes", parsed.GetRequiredValue(image), "Name another image");
            }

            IReadOnlyList<DiskRange> unused = parsed.GetValue(allBlocks)
                ? []
                : (await UsedBlockMap.ReadAsync(disk, new UsedBlockMapOptions { MinimumLength = ManifestHeader.DefaultChunkSize }, cancellationToken)).Unused;
            var source = Arguments.FullSource(parsed.GetRequiredValue(image));
            using var client = server.Client(parsed);
            var job = await JobAsync(
                new TransferClient(client),
                generation => new TransferJobRequest
                {
                    Id = UploadIdentity.Of(source, disk.Pins, [parsed.GetValue(name), parsed.GetValue(owner), parsed.GetValue(link), $"{parsed.GetValue(allBlocks)}"], generation),
                    Name = parsed.GetValue(name) ?? Path.GetFileName(source.TrimEnd('/')),
                    Owner = parsed.GetRequiredValue(owner),
                    Type = TransferJobType.Upload,
                    Priority = parsed.GetValue(priority),
                    Link = parsed.GetValue(link),
                    NoProgressSeconds = NoProgressSeconds,
                    Files = [new TransferFileRequest { Name = Path.GetFileName(source.TrimEnd('/')), Size = disk.Capacity, LogicalSectorSize = disk.Info.LogicalSectorSize }],
                },
                cancellationToken);
            await Console.Error.WriteLineAsync($"transfer job {job.Id}");
            using var http = server.Http(parsed);
            var options = new DiskUploadOptions { Connections = parsed.GetValue(connections) };
            try
            {
                var sent = await new DiskUploader(http, options, TimeProvider.System)
                    .SendAsync(disk, unused, job.Id, 0, new UploadDisplay(Console.Error, TimeProvider.System), cancellationToken);
                Print(job.Id, sent, parsed.GetValue(json));
                return ExitCode.Done;
            }
            catch (DiskUploadException exception)
            {
                throw new CliException(
                    new Failure
                    {
                        Code = exception.Code,
                        Message = exception.Message,
                        Where = $"transfer job {job.Id}",
                        Remedy = exception.Code is DiskUploadException.Unreachable ? "Run the same command again when the server is there: it goes on behind what has arrived" : "See docs/errors.md and ferry transfer get",
                    },
                    exception);
            }
        });
        return command;
    }

    // The job of an upload that is over gives way to a new one; one in Error tries again.
    private static async Task<TransferJobView> JobAsync(TransferClient client, Func<int, TransferJobRequest> request, CancellationToken cancellationToken)
    {
        for (var generation = 0; generation < MostGenerations; generation++)
        {
            var job = await client.CreateAsync(request(generation), cancellationToken);
            if (job.State is TransferJobState.Error)
            {
                return await client.ActAsync(job.Id.ToString(), "resume", null, cancellationToken);
            }

            if (job.State is not (TransferJobState.Acknowledged or TransferJobState.Cancelled))
            {
                return job;
            }
        }

        throw CliException.Usage("The same image was uploaded too often under this name", "", "Give the job another name with --name");
    }

    private static void Print(Guid id, DiskUploadResult sent, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new UploadOutcome(id, sent), JsonOutput.Options));
            return;
        }

        Console.WriteLine($"{id} Transferred: manifest {sent.Manifest}, digest {sent.Digest}");
        Console.WriteLine(
            $"  {Units.Bytes(sent.Bytes)}: {Units.Bytes(sent.BytesMoved)} moved ({Units.Bytes(sent.BytesSent)} sent), {Units.Bytes(sent.BytesDeduplicated)} there already, "
            + $"{Units.Bytes(sent.BytesZero)} zero or unused; it is kept until the job is acknowledged (ferry transfer acknowledge {id})");
    }
}
