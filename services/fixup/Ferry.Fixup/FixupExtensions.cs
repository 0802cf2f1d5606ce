using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Fixup;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Rehearsal;
using Ferry.Fixup.Rehearsal.FirstBoot;
using Ferry.Fixup.Rehearsal.Qemu;
using Ferry.Hosting;
using Ferry.Hosting.Library;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ferry.Fixup;

/// <summary>Registers the fix-up service.</summary>
public static class FixupExtensions
{
    /// <summary>
    /// Adds the fix-up service. The host calls <see cref="GuestWorker.TryRun"/> first in its <c>Main</c>.
    /// </summary>
    public static IHostApplicationBuilder AddFixup(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddGuestEngine();
        builder.AddChunkStore();
        builder.Services.TryAddSingleton<IOriginOpener, LocalOriginOpener>();
        builder.AddBusParticipant(bus =>
        {
            bus.AddConsumer<FixUpGuestConsumer, FixUpGuestConsumerDefinition>();
            bus.AddConsumer<RunFirstBootConsumer, RunFirstBootConsumerDefinition>();
            bus.AddConsumer<RehearseBootConsumer, RehearseBootConsumerDefinition>();
        });
        builder.AddServiceJobs("fixup", jobs => jobs
            .Handle<FixUpGuest, FixUpGuestHandler>(step: "fixup")
            .Handle<RunFirstBoot, RunFirstBootHandler>(step: RunFirstBootHandler.Step)
            .Handle<RehearseBoot, RehearseBootHandler>(step: RehearseBootHandler.Step));
        builder.AddResourceReleaser<ScratchReleaser>("fixup");
        builder.AddStrayFinder<ScratchFinder>("fixup");
        return builder;
    }

    /// <summary>Adds the bus-free part: engine and preview.</summary>
    public static IHostApplicationBuilder AddGuestEngine(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<ApplianceOptions>().BindConfiguration(ApplianceOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<FirstBootOptions>().BindConfiguration(FirstBootOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddLibraryShare();
        builder.Services.TryAddSingleton(p => new FixupPlanner(virtio: new VirtioWin(VirtioWin.FolderIn(p.GetRequiredService<IOptions<LibraryOptions>>().Value.Folder))));
        builder.Services.TryAddSingleton<GuestOffers>();
        builder.Services.TryAddSingleton(p => new KvmProbe(KvmProbe.Device, KvmProbe.Hypervisor, p.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton(p => new HostAcceleration(p.GetRequiredService<IOptions<ApplianceOptions>>().Value, p.GetRequiredService<KvmProbe>(), p.GetRequiredService<ILogger<HostAcceleration>>()));
        builder.Services.TryAddSingleton(p => new ApplianceLauncher(p.GetRequiredService<IOptions<ApplianceOptions>>().Value, p.GetRequiredService<HostAcceleration>(), p.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton(p => new FixupEngine(p.GetRequiredService<ApplianceLauncher>(), p.GetRequiredService<FixupPlanner>()));
        builder.Services.AddOptions<RehearsalOptions>().BindConfiguration(RehearsalOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton(p => new RehearsalReadiness(p.GetRequiredService<IOptions<RehearsalOptions>>().Value));
        builder.Services.TryAddSingleton<IRehearsalStarter>(p => new QemuStarter(p.GetRequiredService<IOptions<RehearsalOptions>>().Value, p.GetRequiredService<HostAcceleration>(), p.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton(p => new RehearsalEngine(p.GetRequiredService<IRehearsalStarter>(), p.GetRequiredService<IOptions<RehearsalOptions>>().Value, p.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton(p => new GuestPreview(p.GetRequiredService<IOptions<ApplianceOptions>>().Value, p.GetRequiredService<FixupEngine>()));
        return builder;
    }
}
