using System.Text;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Fixup;
using Ferry.Contracts.Conversions;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Rehearsal;
using Ferry.Fixup.Rehearsal.FirstBoot;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Job;
using Ferry.Testing;
using Microsoft.Extensions.Options;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>A real Debian guest runs its first boot before the move: its script has run, its file systems are sound, nothing waits any more, and only the new manifest has it.</summary>
[Trait("Tier", "all")]
public sealed class FirstBootRunTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_SampleGuest_CommitsWhatItsScriptDid()
    {
        using var scratch = new ScratchFolder();
        var origin = new RawOrigin(SampleGuest.Disk());
        using var chunks = new FolderChunkStore(Path.Combine(scratch.Path, "store"));
        var store = new ManifestStore(chunks);
        var (manifest, guest) = await FixUpAsync(store, origin, await origin.ManifestAsync(store, Token), scratch.Path);
        var command = new RunFirstBoot { ConversionId = Guid.NewGuid(), Attempt = 1, Target = "kvm", Machine = SampleGuest.Machine, Guest = guest, Manifests = [manifest] };
        var documents = new OneCollection<FirstBootCommit>();
        var handler = new RunFirstBootHandler(store, origin, documents, RehearsalRun.Engine(), SampleGuest.Engine(), Options.Create(SampleGuest.Options()));
        var job = new FakeJobContext<RunFirstBoot>(command.ConversionId, command);

        var done = (FirstBootRan)await handler.RunAsync(job, Token);

        output.WriteLine($"{done.Run?.Sign} after {done.Run?.Seconds} s; {string.Join("; ", done.Findings.Select(finding => finding.Message))}");
        Assert.Empty(done.Findings);
        Assert.Equal("powered-off", done.Run!.Sign);
        Assert.NotEqual(manifest, Assert.Single(done.Manifests));
        Assert.Empty(job.Ledger);
        Assert.Single(documents.Documents);
        Assert.Equal("it has run\n", await ReadAsync(store, origin, done.Manifests[0], "/root/first-boot-was-here", scratch.Path));
        Assert.Null(await ReadAsync(store, origin, done.Manifests[0], "/usr/local/lib/ferry-first-boot/run", scratch.Path));
        Assert.Null(await ReadAsync(store, origin, manifest, "/root/first-boot-was-here", scratch.Path));
    }

    private static async Task<(string Manifest, GuestReport Guest)> FixUpAsync(ManifestStore store, RawOrigin origin, string source, string folder)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, "f")).FullName;
        await using var disks = await MachineDisks.OpenAsync(store, origin, [source], place, Token);
        var script = new FirstBootScript("mark", Encoding.UTF8.GetBytes("#!/bin/sh\necho it has run > /root/first-boot-was-here\n"));
        var request = new FixupRequest { Target = new FixupTarget("kvm", null, SampleGuest.Machine) { FirstBootScripts = [script] }, Disks = disks.Attached, Scratch = place, Apply = true };
        var result = await SampleGuest.Engine().RunAsync(request, Token);
        return ((await disks.CommitAsync(store, Token))[0], result.ToReport());
    }

    private static async Task<string?> ReadAsync(ManifestStore store, RawOrigin origin, string manifest, string path, string folder)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N")[..4])).FullName;
        await using var disks = await MachineDisks.OpenAsync(store, origin, [manifest], place, Token);
        var host = new HostAcceleration(SampleGuest.Options(), new KvmProbe(KvmProbe.Device, KvmProbe.Hypervisor, TimeProvider.System), Microsoft.Extensions.Logging.Abstractions.NullLogger<HostAcceleration>.Instance);
        await using var session = await new ApplianceLauncher(SampleGuest.Options(), host, TimeProvider.System).StartAsync(place, disks.Attached, Token);
        var inspector = new GuestInspector(session);
        _ = await inspector.InspectAsync(SampleGuest.Machine, writable: false, Token);
        return await inspector.Tree.ReadTextAsync(path, Token);
    }
}
