using System.Security.Cryptography;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Contracts;
using Ferry.Contracts.Transfer;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Ferry.Hosting.Jobs;
using Ferry.Transfer.Fetching;
using Ferry.Transfer.Slots;
using Ferry.Transfer.Sources;

namespace Ferry.Transfer.Jobs;

/// <summary>Moves the files of a job, one after the other, under its limits and with its slots.</summary>
internal sealed class TransferRun(RunParts parts, JobContext<RunTransfer> job, RunControl control, RunProgress progress)
{
    private static readonly TimeSpan SlotLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MostParked = TimeSpan.FromMinutes(1);

    /// <summary>The traffic of the file that is moved, for what the server said; null before.</summary>
    public SourceTraffic? Traffic { get; private set; }

    /// <summary>The source of the file that is moved, as it may be shown.</summary>
    public string Shown { get; private set; } = "";

    /// <summary>The limits that the file that is moved is under.</summary>
    public IReadOnlyList<string> Limits { get; private set; } = [];

    /// <summary>Moves one file, or does nothing when it is done.</summary>
    public async Task MoveAsync(int index)
    {
        var file = control.Document.Files[index];
        if (file.Done)
        {
            return;
        }

        var manifest = file.Manifest is { } root ? await parts.Manifests.OpenAsync(ChunkId.Parse(root), control.Token) : null;
        if (manifest is not null && file.KnownManifest is { } known)
        {
            manifest = await KnownChunks.ApplyAsync(parts.Manifests, manifest, ChunkId.Parse(known), control.Token);
        }

        if (file is { Destination: not null, Pin.Length: 0 })
        {
            await MakeEmptyAsync(index);
            return;
        }

        if (manifest is { Header.Origin: null })
        {
            // Everything is in the chunk store.
            await StartAsync();
            await FinishAsync(index, Plan(index, manifest), null);
            return;
        }

        var url = LocalFile.IsPath(file.Source) ? null : parts.Guard.Check(file.Source ?? manifest!.Header.Origin!.Location);
        Shown = url is null ? file.Source! : SourceUrl.Show(url);
        var host = url is null ? LocalFile.Host : SourceUrl.HostOf(url);
        await NameSourceAsync(index, host);
        Limits = url is null ? [] : parts.Limits.Book.NamesFor(url, control.Document.Link);
        ThrowIfParked();
        await using var slots = await TakeSlotAsync(host);
        var flow = parts.Scheduler.Begin(control.Document.Priority, Limits);
        try
        {
            await parts.Limits.RefreshAsync(control.Token);
            Traffic = url is null ? null : new SourceTraffic(parts.Scheduler, flow, parts.Guard.Credentials.HeaderFor(control.Document.Credential, url));
            control.Watch(new RunTarget(flow, slots, Limits));
            control.Document = (await parts.Store.MoveAsync(control.Document.Id, TransferTrigger.Connect, null, control.Token))!;
            await FetchAsync(index, file, manifest, slots);
        }
        finally
        {
            control.Watch(null);
            parts.Scheduler.End(flow);
        }
    }

    private async Task FetchAsync(int index, TransferFile file, ManifestReader? manifest, RunSlots slots)
    {
        IPlainFile? plain = null;
        try
        {
            if (file.Source is { } source)
            {
                var known = manifest?.Header.Origin?.Pins.SingleOrDefault() ?? file.Pin;
                plain = LocalFile.IsPath(source)
                    ? await LocalFile.OpenAsync(source, known, control.Token)
                    : await parts.Remote.OpenFileAsync(source, known, Traffic!, control.Token);
                manifest ??= await CaptureAsync(index, source, plain.Pin);
            }

            var plan = Plan(index, manifest!);
            using var sink = Sink(index, file, manifest!);
            var opened = plain;
            plain = null; // The fetch disposes of it.
            var finished = await FileFetch.RunAsync(
                plan,
                async token =>
                {
                    IRemoteSource remote = opened as IRemoteSource
                        ?? await RemoteImage.OpenAsync(manifest!.Header, await parts.Remote.OpenAsync(manifest.Header.Origin!.Location, Traffic!, token), token);
                    await OpenedAsync(index, plan);
                    return remote;
                },
                sink as IChunkSink ?? new ChunkStoreSink(parts.Manifests.Chunks),
                slots,
                parts.Time,
                control.Token);
            if (!finished)
            {
                throw await SlotWaitAsync(slots.Host, control.Token);
            }

            await FinishAsync(index, plan, sink);
        }
        finally
        {
            if (plain is not null)
            {
                await plain.DisposeAsync();
            }
        }
    }

    private FetchPlan Plan(int index, ManifestReader manifest) => new(job, index, Shown, manifest, parts.Receiving, parts.Options, progress.Add);

    private FileSink? Sink(int index, TransferFile file, ManifestReader manifest)
    {
        if (file.Destination is null)
        {
            return null;
        }

        var place = RunEnding.Place(parts, control.Document, index);
        if (control.Document.Machine is not null && File.Exists(place.Path) && !File.Exists(place.Staging))
        {
            // Nobody else puts files there: a crash came before it was written down that the file is complete.
            File.Move(place.Path, place.Staging);
        }

        return !File.Exists(place.Path) || File.Exists(place.Staging)
            ? FileSink.Open(place, manifest.Header)
            : throw TransferFailures.Create(TransferErrors.DestinationExists, "There is a file at the destination.", file.Destination, "Remove it, or create a transfer with another destination.");
    }

    // A plain file is moved as a disk is: a manifest says which chunks there are and which version of it is meant.
    private async Task<ManifestReader> CaptureAsync(int index, string source, SourcePin pin)
    {
        var (folder, name) = LocalFile.IsPath(source) ? (Path.GetDirectoryName(source)!, Path.GetFileName(source)) : RemoteFile.Split(new Uri(source));
        var origin = new ManifestOrigin { Location = folder, Image = name, Format = DiskImageFormat.Raw, Pins = [pin] };
        using var writer = parts.Manifests.CreateWriter(pin.Length, ManifestHeader.DefaultChunkSize, 512, origin);
        await writer.AppendRunAsync(new ManifestEntry(ChunkState.Origin), writer.ChunkCount, control.Token);
        var root = await writer.CompleteAsync(control.Token);
        control.Document = await parts.Store.ChangeByWorkerAsync(
            control.Document.Id,
            job.Epoch,
            document =>
            {
                document.Files[index].Manifest = root.ToString();
                return true;
            },
            control.Token);
        return await parts.Manifests.OpenAsync(root, control.Token);
    }

    private async Task OpenedAsync(int index, FetchPlan plan)
    {
        var total = await plan.MeasureAsync(control.Token);
        await parts.Store.MoveAsync(control.Document.Id, TransferTrigger.Open, null, control.Token);
        control.Document = await parts.Store.ChangeByWorkerAsync(
            control.Document.Id,
            job.Epoch,
            document =>
            {
                (document.Files[index].Size, document.Files[index].BytesTotal) = (plan.Manifest.Header.Size, total);
                progress.Apply(document);
                return true;
            },
            control.Token);
        control.Report(null);
    }

    private async Task FinishAsync(int index, FetchPlan plan, FileSink? sink)
    {
        var proven = plan.Entries(await plan.SlicesAsync(control.Token));
        var complete = await FileFetch.CompleteAsync(plan, parts.Manifests, proven, control.Token);
        string? sha256 = null;
        if (sink is not null)
        {
            await job.WaitOutFormerWorkersAsync(control.Token);
            sha256 = await sink.PublishAsync(plan.Manifest, proven, control.Token);
        }

        var digest = await ManifestDigest.ComputeAsync(complete, control.Token);
        control.Document = await parts.Store.ChangeByWorkerAsync(
            control.Document.Id,
            job.Epoch,
            document =>
            {
                var file = document.Files[index];
                (file.Done, file.Result, file.Digest, file.Size) = (true, file.Destination is null ? complete.Root.ToString() : null, digest, plan.Manifest.Header.Size);
                (file.Sha256, file.Pin) = (sha256, file.Pin ?? (plan.Manifest.Header.Origin?.Pins is [var pin, ..] ? pin : null));
                progress.Apply(document);
                return true;
            },
            control.Token);
    }

    // VMware leaves empty files beside a machine; there is nothing to ask the source for.
    private async Task MakeEmptyAsync(int index)
    {
        var place = RunEnding.Place(parts, control.Document, index);
        job.CheckLease();
        Directory.CreateDirectory(place.Folder);
        await File.WriteAllBytesAsync(place.Path, [], control.Token);
        control.Document = await parts.Store.ChangeByWorkerAsync(
            control.Document.Id,
            job.Epoch,
            document =>
            {
                var file = document.Files[index];
                (file.Done, file.Size, file.BytesTotal, file.Sha256) = (true, 0, 0, Convert.ToHexStringLower(SHA256.HashData([])));
                progress.Apply(document);
                return true;
            },
            control.Token);
    }

    private async Task StartAsync()
    {
        await parts.Store.MoveAsync(control.Document.Id, TransferTrigger.Connect, null, control.Token);
        control.Document = (await parts.Store.MoveAsync(control.Document.Id, TransferTrigger.Open, null, control.Token))!;
    }

    private async Task NameSourceAsync(int index, string host)
    {
        if (control.Document.Files[index] is { } file && (file.Host != host || file.Shown != Shown))
        {
            control.Document = await parts.Store.ChangeByWorkerAsync(
                control.Document.Id,
                job.Epoch,
                document =>
                {
                    (document.Files[index].Host, document.Files[index].Shown) = (host, Shown);
                    return true;
                },
                control.Token);
        }
    }

    private void ThrowIfParked()
    {
        var now = parts.Time.GetUtcNow();
        if (parts.Limits.Book.ParkedBy(Limits, now) is { } parked)
        {
            throw Parked(parked.Name, parked.Until, now);
        }
    }

    /// <summary>The wait for a window to open.</summary>
    public static RunWaitException Parked(string limit, DateTimeOffset? until, DateTimeOffset now)
    {
        var wait = until - now is { } left && left < MostParked ? left : MostParked;
        return new RunWaitException(
            TransferJobStore.Wait("bandwidth-window", $"The limit '{limit}' lets nothing through now; it goes on when its window opens or the limit is changed.", now, until), wait);
    }

    private async Task<RunSlots> TakeSlotAsync(string host)
    {
        var (lease, _) = await parts.Slots.TryTakeAsync(control.Document, host, control.Token);
        if (lease is null)
        {
            throw await SlotWaitAsync(host, control.Token);
        }

        TransferTelemetry.CountConnection(1);
        return new RunSlots(parts.Slots, () => control.Document, host, lease, parts.WakeAsync);
    }

    private async Task<RunWaitException> SlotWaitAsync(string host, CancellationToken cancellationToken)
    {
        var now = await parts.Store.NowAsync(cancellationToken);
        var detail = $"It waits for a slot of source host {host}: as many connections as are allowed are in use, by jobs that go before it.";
        return new RunWaitException(TransferJobStore.Wait("slot", detail, now), SlotLook, host);
    }
}
