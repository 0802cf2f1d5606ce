using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal.FirstBoot;
using Ferry.Fixup.Rehearsal.Models;
using Ferry.Fixup.Rehearsal.Screens;
using Ferry.Fixup.Rehearsal.Signs;

namespace Ferry.Fixup.Rehearsal;

/// <summary>Starts a machine and watches it until it shows how its start ended, or the time is up. Knows nothing of the bus, of manifests or of overlays.</summary>
internal sealed class RehearsalEngine(IRehearsalStarter starter, RehearsalOptions options, TimeProvider time)
{
    private const int LooksEvery = 3;
    private const int ReportedLines = 60;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>What is drawn or said right behind the sign belongs to the report.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>Runs it.</summary>
    /// <exception cref="RehearsalException">The machine cannot be started, or broke off.</exception>
    public async Task<RehearsalResult> RunAsync(RehearsalRequest request, CancellationToken cancellationToken)
    {
        request.Activity?.Report("starting the machine");
        var begin = time.GetTimestamp();
        var (machine, acceleration) = await starter.StartAsync(Specification(request), cancellationToken);
        using var span = FixupTelemetry.StartRehearsal(request.FirstBoot, acceleration);
        await using (machine)
        {
            request.Passed?.Invoke("started");
            var judge = new BootJudge(DeviceModel.IsWindows(request.Machine, request.Guest), request.FirstBoot);
            var limit = request.FirstBoot ? options.FirstBootLimit(acceleration) : options.Limit(acceleration);
            await WatchAsync(machine, judge, begin, limit, request.Activity, cancellationToken);
            var verdict = judge.GiveUp();
            if (acceleration == Acceleration.Tcg && BootTexts.IsOfTheEmulator(verdict.Quote))
            {
                // The guest measures its timer in its first moments; an emulator that gets no processor then is not the guest's fault.
                throw new RehearsalException(RehearsalException.Broken, $"The emulator was too slow for the guest's timer: \"{verdict.Quote}\".");
            }

            var duration = time.GetElapsedTime(begin);
            if (verdict.Kind is not null)
            {
                await Task.Delay(Settling, time, cancellationToken);
                Show(judge, await machine.ObserveAsync(look: false, cancellationToken));
            }

            var screen = await machine.TakePictureAsync(cancellationToken);
            await machine.QuitAsync(cancellationToken);
            request.Passed?.Invoke("ended");
            FixupTelemetry.RecordRehearsal(span, request.FirstBoot, acceleration, verdict, duration);
            return new RehearsalResult
            {
                Verdict = verdict,
                Duration = duration,
                Acceleration = acceleration,
                SerialLines = machine.LastSerialLines(ReportedLines),
                Screen = screen is null ? null : PngFile.Write(screen),
                FailedUnits = judge.FailedUnits,
            };
        }
    }

    private MachineSpecification Specification(RehearsalRequest request) => new()
    {
        Model = request.Model,
        Disks = request.Disks,
        Processors = Math.Clamp(request.Machine.Processors, 1, options.Processors),
        MemoryMiB = Math.Min(Math.Max(request.Machine.MemoryMiB, 128), options.MemoryMiB),
        Scratch = request.Scratch,
        AssetTag = request.FirstBoot ? FirstBootTag.Value : null,
    };

    private async Task WatchAsync(IRehearsalMachine machine, BootJudge judge, long begin, TimeSpan limit, IProgress<string>? activity, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        for (var turn = 0; judge.Verdict is null && time.GetElapsedTime(begin) < limit; turn++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);

            // A tick that is due already comes before a cancellation.
            cancellationToken.ThrowIfCancellationRequested();
            Show(judge, await machine.ObserveAsync(turn % LooksEvery == 0, cancellationToken));
            activity?.Report(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the machine runs for {time.GetElapsedTime(begin).TotalSeconds:0} s of at most {limit.TotalSeconds:0}"));
        }
    }

    private static void Show(BootJudge judge, MachineObservation seen)
    {
        foreach (var line in seen.Lines)
        {
            judge.See(line);
        }

        for (var i = 0; i < seen.Restarts; i++)
        {
            judge.SeeRestart();
        }

        if (seen.Picture is not null)
        {
            judge.See(seen.Picture);
        }

        if (seen.Crashed)
        {
            judge.SeeCrash(seen.StopCode);
        }

        if (seen.AgentAnswered)
        {
            judge.SeeAgent();
        }

        if (seen.PoweredOff)
        {
            judge.SeePowerOff();
        }
    }
}
