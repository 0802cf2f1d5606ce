using Ferry.Contracts;
using Ferry.Contracts.Capture;
using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Contracts.Jobs;
using Ferry.Contracts.Machines;
using Ferry.Contracts.Transfer;
using Ferry.Hosting;
using Ferry.Hosting.Outbox;
using Ferry.Orchestrator.Conversions;
using Ferry.Orchestrator.DeadLetters;
using Ferry.Orchestrator.Residues;
using Ferry.TestServices;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ferry.Orchestrator.Tests.Support;

/// <summary>The orchestrator alone, on the in-memory bus and SQLite; the test plays the services.</summary>
public sealed class OrchestratorHost : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TempFolder folder = new("orchestrator");
    private readonly DroppedMessages dropped = new();
    private readonly IHost host;

    private OrchestratorHost(Action<IHostApplicationBuilder>? configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([
            new("Ferry:Store:Kind", "sqlite"), new("Ferry:Store:Path", folder.File("state.db")), new("Ferry:Bus:Kind", "memory")]);
        builder.AddFerryDefaults("orchestrator");
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(dropped);
        builder.Services.AddSingleton(Sent);
        builder.AddOrchestrator();

        // Its sweep at the start may meet a conversion that was submitted a moment later and have its commands sent again: a test sweeps when it means to.
        builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(ConversionSweeper)));
        builder.Services.AddSingleton<ConversionSweeper>();
        builder.AddBusParticipant(bus =>
        {
            Probe<CaptureMachine>(bus);
            Probe<CaptureUpload>(bus);
            Probe<CheckTarget>(bus);
            Probe<TransferDisk>(bus);
            Probe<FixUpGuest>(bus);
            Probe<RunFirstBoot>(bus);
            Probe<RehearseBoot>(bus);
            Probe<ConvertDisk>(bus);
            Probe<PublishMachine>(bus);
            Probe<CleanUpConversion>(bus);
            Probe<WriteReport>(bus);
            Probe<ConversionEnded>(bus);
            Probe<LiveManifestsListed>(bus);
            Probe<Ferry.Contracts.Jobs.ConversionHeld>(bus);
        });
        configure?.Invoke(builder);
        builder.AddFerryBus();
        host = builder.Build();
    }

    /// <summary>Waits for a message that the saga drops as late, and returns its type.</summary>
    public async Task<string> DroppedAsync() => await dropped.Types.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit);

    /// <summary>What was sent to the services.</summary>
    public CommandLog Sent { get; } = new();

    /// <summary>The API's view on conversions.</summary>
    public ConversionCatalog Conversions => host.Services.GetRequiredService<ConversionCatalog>();

    /// <summary>Messages that could not be consumed.</summary>
    public DeadLetterBox DeadLetters => host.Services.GetRequiredService<DeadLetterBox>();

    /// <summary>What is left.</summary>
    public ResidueLedger Residues => host.Services.GetRequiredService<ResidueLedger>();

    /// <summary>The sweeper.</summary>
    public ConversionSweeper Sweeper => host.Services.GetRequiredService<ConversionSweeper>();

    /// <summary>What counts the conversions for the metrics; the host does not run it, as nobody collects.</summary>
    public ActiveConversionsGauge NewGauge() => ActivatorUtilities.CreateInstance<ActiveConversionsGauge>(host.Services);

    private IBus Bus => host.Services.GetRequiredService<IBus>();

    /// <summary>Starts it.</summary>
    public static async Task<OrchestratorHost> StartAsync(Action<IHostApplicationBuilder>? configure = null)
    {
        var result = new OrchestratorHost(configure);
        await result.host.StartAsync(TestContext.Current.CancellationToken);
        await result.host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Limit);
        return result;
    }

    /// <summary>Submits a conversion and returns its capture command.</summary>
    public Task<CaptureMachine> SubmitAsync(bool fixup = true, string target = "hyperv") =>
        SubmitAsync(new ConversionRequest { Source = "/vms/web01.vmx", Target = target, Output = "/out", Fixup = fixup });

    /// <summary>Submits a conversion and returns its capture command.</summary>
    public async Task<CaptureMachine> SubmitAsync(ConversionRequest request)
    {
        var view = await Conversions.SubmitAsync(Guid.CreateVersion7(), request, TestContext.Current.CancellationToken);
        Assert.Contains(view.State, (string[])["Requested", "Capturing"]);
        return await Sent.NextAsync<CaptureMachine>();
    }

    /// <summary>A service's answer.</summary>
    public Task AnswerAsync(object message) => Bus.Publish(message, TestContext.Current.CancellationToken);

    /// <summary>A service's answer, twice with the same id, as a broker may deliver it.</summary>
    public async Task AnswerTwiceAsync(object message)
    {
        var id = Guid.NewGuid();
        for (var i = 0; i < 2; i++)
        {
            await Bus.Publish(message, message.GetType(), Pipe.Execute<PublishContext>(context => context.MessageId = id), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until a conversion is in a state.</summary>
    public async Task<ConversionView> InStateAsync(Guid id, string state)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        ConversionView? view = null;
        try
        {
            while (true)
            {
                view = await Conversions.GetAsync(id, limit.Token);
                if (view!.State == state)
                {
                    return view;
                }

                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The conversion is in state {view?.State}, not {state}.");
        }
    }

    /// <summary>Capture's answer, and the target's that it fits.</summary>
    public async Task CaptureAsync(CaptureMachine command, params bool[] remote)
    {
        await AnswerAsync(Captured(command, remote));
        var check = await Sent.NextAsync<CheckTarget>();
        await AnswerAsync(new TargetChecked { ConversionId = check.ConversionId, Attempt = check.Attempt, Epoch = 1, Findings = [] });
    }

    /// <summary>Capture's answer: a machine with disks.</summary>
    public static MachineCaptured Captured(CaptureMachine command, params bool[] remote) => new()
    {
        ConversionId = command.ConversionId,
        Attempt = command.Attempt,
        Epoch = 1,
        Machine = new MachineDescription
        {
            Name = "web01", Processors = 2, MemoryMiB = 1024, Firmware = Firmware.Bios, Nics = [],
            Disks = [.. remote.Select((_, i) => new MachineDisk { Index = i, Bus = "scsi", Controller = 0, Unit = i, Image = $"disk{i}.vmdk" })],
        },
        Disks = [.. remote.Select((isRemote, i) => new DiskCapture { Disk = i, Manifest = $"captured{i}", Capacity = 1 << 30, DataBytes = 1 << 20, Remote = isRemote })],
        Findings = [],
        Bytes = new ByteCounts(),
    };

    /// <summary>Conversion's answer.</summary>
    public static DiskConverted Converted(ConvertDisk command) => new()
    {
        ConversionId = command.ConversionId,
        Attempt = command.Attempt,
        Epoch = 1,
        Report = new DiskReport
        {
            Disk = command.Disk, Capacity = 1 << 30, ChunkSize = 1 << 20, Image = $"web01-disk{command.Disk}.vhdx", Format = "vhdx", ImageBytes = 1,
            CapturedManifest = command.CapturedManifest, CapturedDigest = "a", ImageManifest = command.Manifest, ImageDigest = "b", VerifiedChunks = 1,
            ChangedByFixup = [], Bytes = new ByteCounts { Written = 1 },
        },
    };

    /// <summary>A service's failure.</summary>
    public static StepFailed Failed(Guid id, string step, int attempt = 1) => new()
    {
        ConversionId = id, Step = step, Attempt = attempt, Epoch = 1, Failure = new Failure { Code = "TEST", Message = "The test says so." },
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        folder.Dispose();
    }

    private static void Probe<T>(IBusRegistrationConfigurator bus)
        where T : class =>
        bus.AddConsumer<CommandProbe<T>>().Endpoint(endpoint => endpoint.Name = QueueName.For(typeof(T)));
}
