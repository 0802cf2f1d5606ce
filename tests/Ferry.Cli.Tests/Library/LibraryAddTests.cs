using System.Net;
using System.Security.Cryptography;
using Ferry.Contracts.Library;
using Ferry.Contracts.Transfer;
using Ferry.EndToEnd.Tests.Distributed;
using Ferry.Hosting.Library;

namespace Ferry.Cli.Tests.Library;

/// <summary>Machines are brought into the library, over the REST API of all services in one process.</summary>
public sealed class LibraryAddTests : IAsyncLifetime
{
    private LibraryHost host = null!;

    public async ValueTask InitializeAsync() => host = await LibraryHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task MachineWithSeveralExtents_AppearsComplete_ByOneTransferJob()
    {
        var id = Guid.NewGuid();
        Assert.Equal(HttpStatusCode.Accepted, (await host.AddAsync("web01", id: id)).Status);
        var machine = await host.MachineAsync("web01", LibraryMachineState.Ready);

        Assert.Equal((id, LibraryMachineKind.Source, "web01.vmx"), (machine.Id, machine.Kind, machine.Descriptor));
        Assert.Equal(VmwareMachine.Files, machine.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
        foreach (var file in machine.Files)
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(host.Remote, file.Name), LibraryHost.Token);
            Assert.Equal(bytes, await File.ReadAllBytesAsync(host.In("web01", file.Name), LibraryHost.Token));
            Assert.Equal((bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(bytes))), (file.Size, file.Sha256));
        }

        var jobs = await host.GetAsync<TransferJobPage>("/api/v1/transfers");
        var job = Assert.Single(jobs.Transfers);
        Assert.Equal((id, TransferJobState.Acknowledged, 7), (job.Id, job.State, job.Counters.FilesDone));
        Assert.Equal(VmwareMachine.Files.Append(LibraryRecord.FileName).Order(StringComparer.Ordinal), Directory.EnumerateFiles(Path.Combine(host.Folder, "web01")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(host.Left());
        var record = LibraryRecord.TryRead(Path.Combine(host.Folder, "web01"))!;
        Assert.All(record.Files, file => Assert.True(file.ETag is not null || file.Size == 0, file.Name));
        Assert.Equal(host.Web.Url("web01.vmx"), record.Source);

        // The same request again is the same machine; another one of the name is refused, in any case of letters.
        Assert.Equal(HttpStatusCode.OK, (await host.AddAsync("web01", id: id)).Status);
        var (status, body) = await host.AddAsync("WEB01");
        Assert.Equal((HttpStatusCode.Conflict, "LIBRARY_NAME_EXISTS"), (status, body.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task LocalMachine_IsCopied()
    {
        var machine = await host.AddedAsync("local", Path.Combine(host.Remote, "web01.vmx"));
        Assert.Equal(VmwareMachine.Files, machine.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(host.Remote, "web01-f002.vmdk"), LibraryHost.Token), await File.ReadAllBytesAsync(host.In("local", "web01-f002.vmdk"), LibraryHost.Token));
        Assert.Empty((await host.VerifyAsync("local")).Damaged);
    }

    [Fact]
    public async Task DescriptorThatLeadsElsewhere_IsRefused_AndTheNameIsFreeAgain()
    {
        await File.WriteAllBytesAsync(Path.Combine(host.Remote, ".hidden"), [1], LibraryHost.Token);
        var local = Path.Combine(host.Remote, "web01.vmx");
        foreach (var (disk, nvram, extent, source, code) in new[]
        {
            ("../secret.vmdk", "web01.nvram", null, null, "SOURCE_FORBIDDEN_REFERENCE"),
            ("web01.vmdk", "../../etc/passwd", null, null, "SOURCE_FORBIDDEN_REFERENCE"),
            ("web01.vmdk", "web01.nvram", "/etc/passwd", null, "IMAGE_FORBIDDEN_REFERENCE"),
            ("web01.vmdk", "web01.nvram", "..", local, "IMAGE_FORBIDDEN_REFERENCE"),
            ("web01.vmdk", "web01.nvram", "missing.vmdk", null, "IMAGE_MISSING_FILE"),
            ("web01.vmdk", ".hidden", (string?)null, (string?)local, "LIBRARY_FILE_NAME"),
        })
        {
            VmwareMachine.Write(host.Remote, disk, nvram, extent);
            Assert.Equal(HttpStatusCode.Accepted, (await host.AddAsync("web01", source)).Status);
            var machine = await host.MachineAsync("web01", LibraryMachineState.Failed);
            Assert.Equal(code, machine.Failure!.Code);
            Assert.False(Directory.Exists(Path.Combine(host.Folder, "web01")));
            Assert.Empty(host.Left());
        }

        VmwareMachine.Write(host.Remote);
        await host.AddedAsync("web01");
    }

    [Fact]
    public async Task RequestThatMakesNoSense_IsRefused_WithoutItsSecrets()
    {
        foreach (var (name, source) in new[]
        {
            ("web01", "https://user:secret@esx/vm/web01.vmx"), ("web01", "ftp://esx/vm/web01.vmx"), ("web01", "relative.vmx"), ("web01", "library:other"),
            ("../web01", null), (".ferry", null), ("COM1", (string?)null),
        })
        {
            var (status, body) = await host.AddAsync(name, source);
            Assert.Equal((HttpStatusCode.BadRequest, "LIBRARY_INVALID"), (status, body.GetProperty("code").GetString()));
            Assert.DoesNotContain("secret", body.ToString(), StringComparison.Ordinal);
        }

        Assert.Empty((await host.GetAsync<LibraryPage>("/api/v1/library")).Machines);
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task SourceThatChangesUnderTheTransfer_IsDetected_AndGivenUp()
    {
        host.Web.Delay = TimeSpan.FromMilliseconds(150);
        await host.AddAsync("web01");
        await Eventually.GetAsync(() => host.GetAsync<LibraryMachineView>("/api/v1/library/web01"), machine => machine.BytesDone > 0, "bytes have arrived");
        await File.AppendAllTextAsync(Path.Combine(host.Remote, "web01-f003.vmdk"), "more", LibraryHost.Token);
        var machine = await host.MachineAsync("web01", LibraryMachineState.Failed);
        Assert.Equal("IMAGE_SOURCE_CHANGED", machine.Failure!.Code);
        Assert.False(Directory.Exists(Path.Combine(host.Folder, "web01")));

        Assert.Equal(HttpStatusCode.OK, (await host.DeleteAsync("web01")).Status);
        await Eventually.GetAsync(() => Task.FromResult(host.Left()), left => left.Count == 0, "nothing is left");
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusAsync("/api/v1/library/web01"));
    }

    [Fact]
    public async Task Restart_InTheMiddle_GoesOnBehindWhatHasArrived()
    {
        host.Web.Delay = TimeSpan.FromMilliseconds(200);
        await host.AddAsync("web01");
        await Eventually.GetAsync(() => host.GetAsync<LibraryMachineView>("/api/v1/library/web01"), machine => machine.BytesDone > VmwareMachine.ExtentBytes, "an extent has arrived");
        Assert.False(Directory.Exists(Path.Combine(host.Folder, "web01")));
        await host.StopAsync();
        var before = host.Web.Served.ToArray();
        host.Web.Delay = TimeSpan.Zero;
        await host.StartAgainAsync();

        await host.MachineAsync("web01", LibraryMachineState.Ready);
        Assert.Empty((await host.VerifyAsync("web01")).Damaged);
        Assert.Equal(0, ServedRange.Overlap(Extent(before), Extent(host.Web.Served.Skip(before.Length))));
        Assert.Equal(VmwareMachine.ExtentBytes, Extent(host.Web.Served).Sum(range => range.Length));

        // Without the looks at length and entity tag.
        static IEnumerable<ServedRange> Extent(IEnumerable<ServedRange> served) =>
            served.Where(range => range.Path.EndsWith("web01-f001.vmdk", StringComparison.Ordinal) && range.Length > 100_000);
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task RemovalOfAMachineThatIsBeingAdded_GivesItUp()
    {
        host.Web.Delay = TimeSpan.FromMilliseconds(200);
        await host.AddAsync("web01");
        await Eventually.GetAsync(() => host.GetAsync<LibraryMachineView>("/api/v1/library/web01"), machine => machine.BytesDone > 0, "bytes have arrived");
        Assert.Equal(HttpStatusCode.OK, (await host.DeleteAsync("web01")).Status);
        await Eventually.GetAsync(() => Task.FromResult(host.Left()), left => left.Count == 0, "nothing is left");
        Assert.Equal(TransferJobState.Cancelled, Assert.Single((await host.GetAsync<TransferJobPage>("/api/v1/transfers")).Transfers).State);
        host.Web.Delay = TimeSpan.Zero;
        await host.AddedAsync("web01");
    }
}
