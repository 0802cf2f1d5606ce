using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;
using Ferry.Conversion.Output;
using Ferry.Conversion.Publishing;
using Ferry.Conversion.Tests.Support;
using Ferry.Conversion.Targets;
using Ferry.Conversion.Targets.HyperV;
using Ferry.Conversion.Targets.Raw;
using Ferry.Hosting.Jobs;
using Ferry.Testing;

namespace Ferry.Conversion.Tests.Publishing;

public sealed class PublishMachineHandlerTests : IDisposable
{
    private static readonly string[] files = ["web01-disk0.vhdx", "web01-disk1.vhdx", "vm.json", "import.ps1"];
    private readonly Guid id = Guid.Parse("6f1d2c3b-0000-4000-8000-000000000004");
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Output => folder.At("out");

    private string Staging => StagingFolder.PathOf(Output, id);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_Machine_PutsEverythingInPlace()
    {
        Stage();
        var job = Job();
        await job.RecordResourceAsync(StagingFolder.Kind, Staging, Token);

        var published = await RunAsync(job);

        Assert.Equal(files, published.Files);
        AssertPublished();
        Assert.DoesNotContain(job.Ledger, entry => entry.Key.Kind == StagingFolder.Kind);
    }

    [Fact]
    public async Task Run_Machine_WritesEachFileIntoTheLedgerBeforeItIsThere()
    {
        Stage();
        var job = Job();

        await RunAsync(job);

        Assert.Equal(files.Select(file => (PublishedFile.Kind, Path.Combine(Output, file), false)), job.Recorded);
        Assert.Equal(files.Length, job.Ledger.Count);
    }

    [Theory]
    [InlineData("publish.beforeRename", 1)]
    [InlineData("publish.afterRename", 1)]
    [InlineData("publish.afterRename", 2)]
    [InlineData("publish.afterRename", 3)]
    [InlineData("publish.afterRename", 4)]
    public async Task Run_AfterACrash_GoesOn(string point, int occurrence)
    {
        Stage();
        var first = Job();
        first.OnFaultPoint = (name, count) => _ = name == point && count == occurrence ? throw new CrashException() : 0;
        await Assert.ThrowsAsync<CrashException>(() => RunAsync(first));

        var published = await RunAsync(Job());

        Assert.Equal(files, published.Files);
        AssertPublished();
    }

    [Fact]
    public async Task Run_Twice_IsTheSame()
    {
        Stage();
        await RunAsync(Job());

        Assert.Equal(files, (await RunAsync(Job())).Files);
        AssertPublished();
    }

    [Theory]
    [InlineData("web01-disk1.vhdx")]
    [InlineData("import.ps1")]
    public async Task Run_ForeignFileInThePlace_IsNotOverwritten(string name)
    {
        Stage();
        await File.WriteAllTextAsync(Path.Combine(Output, name), "mine", Token);

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => RunAsync(Job()));

        Assert.Equal(ConversionErrors.OutputExists, failed.Failure.Code);
        Assert.DoesNotContain("wait in", failed.Failure.Remedy, StringComparison.Ordinal);
        Assert.Equal([name], Directory.EnumerateFiles(Output).Select(Path.GetFileName));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(Output, name), Token));
    }

    [Fact]
    public async Task Run_ImageIsGone_SaysSo()
    {
        Stage();
        File.Delete(Path.Combine(Staging, files[1]));

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => RunAsync(Job()));

        Assert.Equal(ConversionErrors.PublishMissing, failed.Failure.Code);
    }

    [Theory]
    [InlineData("../escape.vhdx")]
    [InlineData("/etc/passwd")]
    [InlineData(".ferry")]
    public async Task Run_HostileImageName_IsRefused(string name)
    {
        Stage();
        var command = Command();
        var job = new FakeJobContext<PublishMachine>(id, command with { Disks = [command.Disks[0] with { Image = name }, command.Disks[1]] });

        await Assert.ThrowsAsync<JobFailedException>(() => RunAsync(job));
    }

    private static async Task<MachinePublished> RunAsync(FakeJobContext<PublishMachine> job) =>
        (MachinePublished)await new PublishMachineHandler(
            new TargetDefinitions([new HyperVTarget(), new RawDefinition()]), Outputs.Of(), new LibraryPublishing(Outputs.Of(), NoChunks.Manifests, TimeProvider.System)).RunAsync(job, Token);

    private void Stage()
    {
        Directory.CreateDirectory(Staging);
        File.WriteAllText(Path.Combine(Staging, files[0]), "image 0");
        File.WriteAllText(Path.Combine(Staging, files[1]), "image 1");
    }

    private void AssertPublished()
    {
        Assert.Equal(files.Order(), Directory.EnumerateFileSystemEntries(Output).Select(Path.GetFileName).Order());
        Assert.Equal("image 1", File.ReadAllText(Path.Combine(Output, files[1])));
        Assert.Contains("web01-disk0.vhdx", File.ReadAllText(Path.Combine(Output, "import.ps1")), StringComparison.Ordinal);
    }

    private FakeJobContext<PublishMachine> Job() => new(id, Command());

    private PublishMachine Command() => new()
    {
        ConversionId = id,
        Attempt = 1,
        Target = "hyperv",
        Output = Output,
        Machine = new MachineDescription
        {
            Name = "web01", Processors = 2, MemoryMiB = 2048, Firmware = Firmware.Bios, Nics = [],
            Disks = [.. Enumerable.Range(0, 2).Select(disk => new MachineDisk { Index = disk, Bus = "scsi", Controller = 0, Unit = disk, Image = "x.vmdk", Capacity = 1 << 20 })],
        },
        Disks = [.. Enumerable.Range(0, 2).Select(disk => new DiskReport
        {
            Disk = disk, Capacity = 1 << 20, ChunkSize = 1 << 20, Image = files[disk], Format = "vhdx", ImageBytes = 7, CapturedManifest = "", CapturedDigest = "",
            ImageManifest = "", ImageDigest = "", VerifiedChunks = 1, ChangedByFixup = [], Bytes = new ByteCounts(),
        })],
    };
}
