using System.Security.Cryptography;
using Ferry.Contracts.Conversions;
using Microsoft.AspNetCore.Http;

namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>Does what a row says while its conversion runs, and returns when the conversion has ended and all that was broken is whole.</summary>
internal sealed class FaultInjector(FaultLab lab, FaultRun run)
{
    /// <summary>Requests that the source answers badly.</summary>
    private const int BadAnswers = 4;

    private const int KnownChunk = FaultMatrix.DiskChunks - 1;
    private const int ChunkSize = 1 << 20;
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(300);

    private readonly FaultRow row = run.Row;

    private DistributedFerry Ferry => lab.Ferry;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task<ConversionView> RunAsync()
    {
        switch (row.Fault)
        {
            case FaultKind.WorkerKilled:
                return await KillAsync();
            case FaultKind.Duplicated or FaultKind.Reordered:
                return await TamperAsync();
            case FaultKind.DiskFull when row.Step is FaultStep.Capture:
                return await CaptureIntoFullStoreAsync();
            case FaultKind.TwoOrchestrators:
                var second = await Ferry.AddAsync("orchestrator");
                await second.WaitUntilReadyAsync();
                return await AtPointAsync(async worker =>
                {
                    await second.KillAsync();
                    await worker.SignalAsync("CONT");
                });
            default:
                if (row.Point.Length == 0)
                {
                    lab.Web.Misbehave = Misbehaviour();
                    await run.SubmitAsync();
                    return await Ferry.WaitAsync(run.Id);
                }

                return await AtPointAsync(StrikeAsync);
        }
    }

    // The worker stops itself at the point; that takes some milliseconds only, unless the fault is the stop itself.
    private async Task<ConversionView> AtPointAsync(Func<ServiceProcess, Task> strike)
    {
        var point = row.Point.Contains(':', StringComparison.Ordinal) ? row.Point : row.Point + ":1";
        var worker = await Ferry.ReplaceAsync(row.Service, point + ":stop");
        await run.SubmitAsync();
        await Ferry.UntilAsync(() => worker.IsStopped, $"{row.Service} is at {row.Point}");
        run.RememberChunks();
        await strike(worker);
        return await Ferry.WaitAsync(run.Id);
    }

    private async Task StrikeAsync(ServiceProcess worker)
    {
        switch (row.Fault)
        {
            case FaultKind.OrchestratorKilled:
                await Ferry.First("orchestrator").KillAsync();
                await worker.SignalAsync("CONT");
                await Ferry.ReplaceAsync("orchestrator");
                break;
            case FaultKind.Stopped:
                await Task.Delay(FaultLab.Lease * 2.2, Stop);
                await worker.SignalAsync("CONT");
                break;
            case FaultKind.Zombie:
                await Ferry.AddAsync(row.Service);
                await Ferry.WaitAsync(run.Id, view => view.Ended || view.Steps.Any(step => step.Step == row.TakenOver && step.EndedAt is not null));
                await worker.SignalAsync("CONT");
                await worker.WaitForLogAsync("LeaseLost", TimeSpan.FromSeconds(30));
                break;
            case FaultKind.BrokerRestarted:
                await Ferry.Rabbit.KillAsync();
                await worker.SignalAsync("CONT");
                await Ferry.Rabbit.StartAgainAsync(Stop);
                break;
            case FaultKind.StoreRestarted:
                await Ferry.Mongo.KillAsync();
                await worker.SignalAsync("CONT");
                await Ferry.Mongo.StartAgainAsync(Stop);
                break;
            case FaultKind.ConnectionsCut:
                await worker.SignalAsync("CONT");
                for (var i = 0; i < 4; i++)
                {
                    lab.CutConnections();
                    await Task.Delay(Late, Stop);
                }

                break;
            case FaultKind.DiskFull:
                await FillAsync(() => worker.SignalAsync("CONT"));
                break;
            case FaultKind.SourceChanges:
                await run.WriteSourceAsync();
                await worker.SignalAsync("CONT");
                break;
            default:
                if (row.Fault is FaultKind.SourceCorrupts or FaultKind.SourceKeepsCorrupting)
                {
                    await DamageAsync();
                }

                lab.Web.Misbehave = Misbehaviour();
                await worker.SignalAsync("CONT");
                break;
        }
    }

    private async Task<ConversionView> KillAsync()
    {
        var worker = await Ferry.ReplaceAsync(row.Service, row.Point);
        await run.SubmitAsync();
        await Ferry.UntilAsync(() => worker.HasExited, $"{row.Service} is at {row.Point}");
        run.RememberChunks();
        if (row.Point.Contains(".slice.", StringComparison.Ordinal))
        {
            var proven = await Ferry.ProvenSlicesAsync(row.Service, run.Id);
            Assert.NotEmpty(proven);
            Assert.All(proven, slice => Assert.Equal(1, slice.Epoch));
            Assert.True(proven.Sum(slice => slice.Count) < FaultMatrix.DiskChunks, "everything was proven before the kill");
        }

        await Ferry.ReplaceAsync(row.Service);
        return await Ferry.WaitAsync(run.Id);
    }

    private async Task<ConversionView> TamperAsync()
    {
        await using var tap = await MessageTap.StartAsync(Ferry.Rabbit.Uri, lab.Queues, Messages(row.Step), row.Fault is FaultKind.Reordered);
        await run.SubmitAsync();
        var view = await Ferry.WaitAsync(run.Id);
        Assert.True(tap.Repeated > 0, "no message of the step was seen");
        return view;
    }

    private async Task<ConversionView> CaptureIntoFullStoreAsync()
    {
        await FillAsync(run.SubmitAsync);
        return await Ferry.WaitAsync(run.Id);
    }

    // Conversion and clean-up do not wait: what they need of the store is there. They end while it is full.
    private async Task FillAsync(Func<Task> goOn)
    {
        Assert.SkipUnless(lab.CanFillStore, "Only root can mount a small file system.");
        var ballast = Path.Combine(lab.Chunks, "ballast");
        try
        {
            await FillAsync(ballast);
            await goOn();
            var view = await Ferry.WaitAsync(run.Id, view => view.Ended || view.WaitingFor?.Reason == "space");
            Assert.True(view.Ended == (row.Step is FaultStep.Conversion or FaultStep.Cleanup), $"{view.State}, waiting for {view.WaitingFor}: {view.Failure}");
        }
        finally
        {
            File.Delete(ballast);
        }
    }

    private static async Task FillAsync(string ballast)
    {
        await using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var block in new[] { new byte[1 << 20], new byte[4 << 10] })
        {
            try
            {
                while (true)
                {
                    await file.WriteAsync(block, Stop);
                }
            }
            catch (IOException)
            {
                // No room for a block of this size.
            }
        }
    }

    // Conversion finds that a chunk of the store is bad; its id is known, so the transfer that brings it again can tell.
    private async Task DamageAsync()
    {
        await using var source = File.OpenRead(run.Source);
        source.Position = (long)KnownChunk * ChunkSize;
        var bytes = new byte[ChunkSize];
        await source.ReadExactlyAsync(bytes, Stop);
        run.Damaged = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await using var chunk = File.Open(lab.ChunkFiles().Single(file => Path.GetFileName(file) == run.Damaged), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        chunk.Position = chunk.Length / 2;
        var value = chunk.ReadByte();
        chunk.Position--;
        chunk.WriteByte((byte)(value ^ 1));
    }

    private Func<HttpContext, Func<Task>, Task> Misbehaviour()
    {
        var answers = 0;
        return (context, proper) =>
        {
            var nth = Interlocked.Increment(ref answers);
            return row.Fault switch
            {
                FaultKind.SourceCorrupts when nth <= 2 => SourceFaults.CorruptAsync(context, proper),
                FaultKind.SourceKeepsCorrupting => SourceFaults.CorruptAsync(context, proper),
                FaultKind.SourceUnavailable when nth <= BadAnswers => SourceFaults.UnavailableAsync(context),
                FaultKind.SourceSlow when nth <= BadAnswers => SourceFaults.HangAsync(context, proper),
                FaultKind.SourceResets when nth <= BadAnswers => SourceFaults.ResetAsync(context, proper),
                FaultKind.SourceTruncates when nth <= BadAnswers => SourceFaults.TruncateAsync(context, proper),
                _ => proper(),
            };
        };
    }

    private static IReadOnlyCollection<string> Messages(FaultStep step) => step switch
    {
        FaultStep.Capture => ["RequestConversion", "CaptureMachine", "MachineCaptured"],
        FaultStep.Transfer => ["TransferDisk", "TransferJobChanged", "DiskTransferred"],
        FaultStep.Fixup => ["FixUpGuest", "GuestFixedUp"],
        FaultStep.Conversion => ["CheckTarget", "TargetChecked", "ConvertDisk", "DiskConverted", "PublishMachine", "MachinePublished"],
        _ => ["CleanUpConversion", "ReleaseResources", "ResourcesReleased", "ConversionCleanedUp", "WriteReport", "ReportWritten", "ConversionEnded"],
    };
}
