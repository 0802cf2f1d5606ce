using Ferry.Capture;
using Ferry.Capture.Sources;
using Ferry.Contracts;
using Ferry.DiskImages;
using Ferry.Fixup;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Cli.Previews;

/// <summary>Looks at a source and its guest in this process; writes nothing.</summary>
internal sealed class SourcePreview(string source, string? format)
{
    /// <summary>Machine, disks and guest. A guest that cannot be opened is a finding, not an error.</summary>
    public Task<SourcePreviewResult> InspectAsync(CancellationToken cancellationToken) => LookAsync(
        async (services, machine, target, disks) =>
        {
            var guest = await services.GetRequiredService<GuestPreview>().InspectAsync(target, disks, activity: null, cancellationToken);
            return new SourcePreviewResult(machine, guest, [], [.. machine.Findings, .. guest.Findings]);
        },
        "hyperv",
        cancellationToken);

    /// <summary>What a conversion to a target would find and change.</summary>
    public Task<SourcePreviewResult> CheckAsync(string target, CancellationToken cancellationToken) => LookAsync(
        async (services, machine, to, disks) =>
        {
            if (target == "raw")
            {
                return new SourcePreviewResult(machine, null, [], machine.Findings);
            }

            var plan = await services.GetRequiredService<GuestPreview>().PlanAsync(to, disks, activity: null, cancellationToken);
            return new SourcePreviewResult(machine, plan.Guest, [.. plan.Plan?.Changes ?? []], [.. machine.Findings, .. plan.Findings]);
        },
        target,
        cancellationToken);

    private async Task<SourcePreviewResult> LookAsync(
        Func<IServiceProvider, SourceInspection, FixupTarget, IReadOnlyList<IDiskImageReader>, Task<SourcePreviewResult>> look,
        string target,
        CancellationToken cancellationToken)
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

                return await look(host.Services, inspection, new FixupTarget(target, null, inspection.Machine), disks);
            }
            catch (GuestRefusedException refused)
            {
                return new SourcePreviewResult(inspection, null, [], [.. inspection.Findings, .. refused.Findings]);
            }
            catch (ApplianceException exception)
            {
                throw new CliException(
                    ExitCode.StepFailed, new Failure { Code = exception.Code, Message = exception.Message, Remedy = "See docs/errors.md" }, exception);
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
            throw new CliException(ExitCode.SourceUnreadable, exception.Failure, exception);
        }
    }

    private static IHost Build()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddEnvironmentVariables();
        builder.AddSourceInspector();
        builder.AddGuestEngine();
        return builder.Build();
    }
}
