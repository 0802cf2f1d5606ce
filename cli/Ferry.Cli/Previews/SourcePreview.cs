using Ferry.Capture;
using Ferry.Capture.Sources;
using Ferry.Cli.Commands;
using Ferry.Contracts;
using Ferry.Conversion;
using Ferry.Conversion.Targets;
using Ferry.DiskImages;
using Ferry.Fixup;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Rehearsal;

namespace Ferry.Cli.Previews;

/// <summary>Looks at a source and its guest in this process; writes nothing. A guest that is refused is a finding, not an error.</summary>
internal sealed class SourcePreview(string source, string? format, string? library = null)
{
    /// <summary>Machine, disks and guest.</summary>
    public Task<SourcePreviewResult> InspectAsync(CancellationToken cancellationToken) => LookAsync(
        (services, machine, disks) => AskGuestAsync(
            new SourcePreviewResult(machine, null, [], machine.Findings),
            async found =>
            {
                var target = new FixupTarget("hyperv", null, machine.Machine);
                var guest = await services.GetRequiredService<GuestPreview>().InspectAsync(target, disks, activity: null, cancellationToken);
                return found with { Guest = guest, Findings = [.. found.Findings, .. guest.Findings] };
            }),
        cancellationToken);

    /// <summary>What a conversion to a target would find and change: the target's preflight, and the fix-up's plan.</summary>
    /// <param name="target">The target.</param>
    /// <param name="generation">Hyper-V generation that is asked for, or null.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    public Task<SourcePreviewResult> CheckAsync(string target, int? generation, CancellationToken cancellationToken) => LookAsync(
        async (services, machine, disks) =>
        {
            var preflight = services.GetRequiredService<TargetDefinitions>().Select(target).Preflight(machine.Machine, generation);
            var found = new SourcePreviewResult(machine, null, [], [.. machine.Findings, .. preflight]);
            found = found with { Findings = [.. found.Findings, .. services.GetRequiredService<RehearsalReadiness>().Check(machine.Machine)] };
            return target == "raw" ? found : await AskGuestAsync(found, async before =>
            {
                // The preflight has judged the generation already.
                var plan = await services.GetRequiredService<GuestPreview>().PlanAsync(
                    new FixupTarget(target, null, machine.Machine), disks, activity: null, cancellationToken);
                return before with { Guest = plan.Guest, Changes = [.. plan.Plan?.Changes ?? []], Findings = [.. before.Findings, .. plan.Findings] };
            });
        },
        cancellationToken);

    private static async Task<SourcePreviewResult> AskGuestAsync(SourcePreviewResult found, Func<SourcePreviewResult, Task<SourcePreviewResult>> ask)
    {
        try
        {
            return await ask(found);
        }
        catch (GuestRefusedException refused)
        {
            return found with { Findings = [.. found.Findings, .. refused.Findings] };
        }
        catch (ApplianceException exception)
        {
            throw new CliException(FixupFailures.From(exception, behind: null).Failure, exception);
        }
    }

    private async Task<SourcePreviewResult> LookAsync(
        Func<IServiceProvider, SourceInspection, IReadOnlyList<IDiskImageReader>, Task<SourcePreviewResult>> look, CancellationToken cancellationToken)
    {
        using var host = Build();
        try
        {
            var inspection = await host.Services.GetRequiredService<SourceInspector>().InspectAsync(source, format, cancellationToken);
            await using var opened = await host.Services.GetRequiredService<SourceSelector>().OpenAsync(source, format, cancellationToken);
            var disks = new List<IDiskImageReader>();
            try
            {
                foreach (var disk in opened.Machine.Disks)
                {
                    disks.Add(await opened.OpenDiskAsync(disk, cancellationToken));
                }

                return await look(host.Services, inspection, disks);
            }
            finally
            {
                foreach (var disk in disks)
                {
                    await disk.DisposeAsync();
                }
            }
        }
        catch (SourceException exception)
        {
            throw new CliException(exception.Failure, exception, atSource: true);
        }
    }

    private IHost Build()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddInMemoryCollection(Arguments.LibrarySettings(library));
        builder.AddSourceInspector();
        builder.AddTargets();
        builder.AddGuestEngine();
        return builder.Build();
    }
}
