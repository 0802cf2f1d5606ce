using System.Globalization;
using Ferry.Agent.Inventory;
using Ferry.Agent.Inventory.Disks;
using Ferry.Agent.Limits;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Uploads;
using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Contracts.Transfer;
using Ferry.DiskImages;
using Ferry.DiskImages.FileSystems;

namespace Ferry.Agent.Capture;

/// <summary>Captures the disks of a machine that nothing writes to: describes the machine, makes the upload, and sends the disks one after the other.</summary>
internal sealed class CaptureRun(CaptureOptions options, InventoryReader inventories, SystemRoot root, TimeProvider time)
{
    // The client of a capture may be away for as long as a machine takes to be started again.
    private const double NoProgressSeconds = 7 * 86_400d;
    private const int MostFindings = 200;
    private const int MostHashThreads = 4;
    private const string KeyHeader = "X-Api-Key";

    /// <summary>Captures.</summary>
    /// <exception cref="AgentException">A disk cannot be captured, or the server refuses it.</exception>
    /// <exception cref="DiskImageException">A disk cannot be read.</exception>
    public async Task<CaptureOutcome> RunAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux())
        {
            BackgroundPriority.Enter();
        }

        var inventory = await inventories.ReadAsync(removable: false, volumes: false, cancellationToken);
        var selected = DiskSelection.Select(root, inventory, options.Disks);
        var disks = new List<CapturedDisk>();
        try
        {
            foreach (var (disk, path) in selected)
            {
                var reader = await VolumeReader.OpenAsync(path, cancellationToken);
                disks.Add(new CapturedDisk(disk with { Size = reader.Capacity, LogicalSectorSize = reader.Info.LogicalSectorSize }, path, reader));
            }

            return await SendAsync(inventory, disks, cancellationToken);
        }
        finally
        {
            foreach (var disk in disks)
            {
                await disk.Reader.DisposeAsync();
            }
        }
    }

    private async Task<CaptureOutcome> SendAsync(MachineInventory inventory, List<CapturedDisk> selected, CancellationToken cancellationToken)
    {
        // All disks together: a volume group may span them.
        var maps = await UsedBlockMap.ReadAllAsync([.. selected.Select(disk => disk.Reader)], new UsedBlockMapOptions { MinimumLength = ManifestHeader.DefaultChunkSize }, cancellationToken);
        var captured = selected.Zip(maps, (disk, map) => disk with { Disk = disk.Disk with { Volumes = [.. map.Volumes.Select(VolumeInventory.Of)] }, Map = map });

        // Disks that were named are in the order that was meant.
        var disks = (options.Disks.Count > 0 ? captured : captured.OrderBy(disk => MachineMapping.IsBootDisk(disk.Disk) ? 0 : 1)).ToArray();
        var (machine, doubts) = MachineMapping.Describe(options.Name, inventory, [.. disks.Select(disk => disk.Disk)]);
        Finding[] findings =
        [
            .. inventory.Findings, .. doubts,
            .. disks.SelectMany(disk => disk.Map!.Findings.Select(finding => AgentFindings.Inform(finding.Code, $"{disk.Path}, {finding.Volume}: {finding.Message}", "What is not understood is moved as a whole."))),
        ];

        var states = disks.Select(disk => disk.State(root)).ToArray();
        using var http = Client();
        var upload = new DiskUploadOptions { HashThreads = Math.Min(Environment.ProcessorCount, MostHashThreads) };
        var job = await new UploadJobs(http, upload.GiveUpAfter, time).OpenAsync(
            generation => Request(CaptureIdentity.Of(options, inventory, disks.Select((disk, i) => $"{disk.Path} {disk.Reader.Capacity} {states[i]}"), generation), machine, disks, findings), cancellationToken);
        await Console.Error.WriteLineAsync($"upload {job.Id}");
        using var limiter = options.MaxCpuPercent is { } percent ? new CpuLimiter(Environment.ProcessorCount * percent / 100.0, ProcessorTime, time) : null;
        var outcomes = new List<CapturedDiskOutcome>();
        for (var i = 0; i < disks.Length; i++)
        {
            var disk = disks[i];
            await using var limited = new LimitedDisk(disk.Reader, limiter);
            var sent = await SendDiskAsync(new DiskUploader(http, upload, time), limited, disk, options.AllBlocks ? [] : disk.Map!.Unused, job.Id, i, cancellationToken);
            outcomes.Add(new CapturedDiskOutcome(disk.Path, sent));
            if (disk.State(root) != states[i])
            {
                throw Changed(disk.Path, null);
            }
        }

        return new CaptureOutcome { Id = job.Id, Name = machine.Name, Disks = outcomes, Findings = findings, ProcessorSeconds = ProcessorTime().TotalSeconds };
    }

    private async Task<DiskUploadResult> SendDiskAsync(
        DiskUploader uploader, LimitedDisk limited, CapturedDisk disk, IReadOnlyList<DiskRange> unused, Guid job, int file, CancellationToken cancellationToken)
    {
        try
        {
            return await uploader.SendAsync(limited, unused, job, file, new CaptureProgress(disk.Path, Console.Error, time), cancellationToken);
        }
        catch (DiskUploadException exception)
        {
            throw AgentException.Of(
                exception.Code, exception.Message, $"upload {job}, {disk.Path}",
                exception.Code is DiskUploadException.Unreachable ? "Run the same command again when the server is there: it goes on behind what has arrived" : "See docs/errors.md", exception);
        }
        catch (InvalidDiskImageException exception) when (exception.Code is DiskImageErrors.SourceChanged)
        {
            throw Changed(disk.Path, exception);
        }
    }

    private TransferJobRequest Request(Guid id, MachineDescription machine, IReadOnlyList<CapturedDisk> disks, IReadOnlyList<Finding> findings) => new()
    {
        Id = id,
        Name = options.Name,
        Owner = "ferry-agent",
        Type = TransferJobType.Upload,
        NoProgressSeconds = NoProgressSeconds,
        Machine = new UploadMachine { Machine = machine, Findings = [.. findings.Take(MostFindings)] },
        Files = [.. disks.Select(disk => new TransferFileRequest { Name = disk.Path, Size = disk.Reader.Capacity, LogicalSectorSize = disk.Reader.Info.LogicalSectorSize })],
    };

    private HttpClient Client()
    {
        // The key goes to the server that was named, and to no other.
        HttpMessageHandler handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(15) };
        if (options.MaxMegabits is { } megabits)
        {
            handler = new PacedHandler(handler, new TokenBucket(megabits * 1_000_000 / 8, time));
        }

        var http = new HttpClient(handler) { BaseAddress = options.Server, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add(KeyHeader, options.Key);
        http.DefaultRequestHeaders.UserAgent.ParseAdd(string.Create(CultureInfo.InvariantCulture, $"ferry-agent/{typeof(CaptureRun).Assembly.GetName().Version}"));
        return http;
    }

    private static TimeSpan ProcessorTime() => OperatingSystem.IsLinux() || OperatingSystem.IsWindows() ? Environment.CpuUsage.TotalTime : TimeSpan.Zero;

    private static AgentException Changed(string path, Exception? inner) => AgentException.Of(
        AgentErrors.DiskChanged, "The disk was written while it was captured, or since the capture began", path, "Find what writes to it, unmount it, and run the command again: it is read again, and only what is new is sent", inner);
}
