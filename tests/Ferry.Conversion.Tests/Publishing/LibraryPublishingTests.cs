using System.Security.Cryptography;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Conversion.Output;
using Ferry.Conversion.Publishing;
using Ferry.Conversion.Targets;
using Ferry.Conversion.Targets.HyperV;
using Ferry.Conversion.Targets.Raw;
using Ferry.Conversion.Tests.Support;
using Ferry.Conversion.Tests.Targets;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Ledger;
using Ferry.Hosting.Library;
using Ferry.Testing;

namespace Ferry.Conversion.Tests.Publishing;

/// <summary>A converted machine appears in the library whole, or not at all.</summary>
public sealed class LibraryPublishingTests : IDisposable
{
    private static readonly string[] files = ["web01-disk0.vhdx", "vm.json", "import.ps1", "report.json", "report.html"];
    private readonly Guid id = Guid.Parse("6f1d2c3b-0000-4000-8000-000000000005");
    private readonly TemporaryFolder folder = new();
    private readonly ConversionOutput outputs;

    public LibraryPublishingTests() => outputs = Outputs.Of(folder.At("library"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Growing => outputs.Library.Staging(ConversionOutput.Kind, id);

    private string Machine => Path.Combine(folder.At("library"), "web01");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Machine_AppearsWithReportAndChecksums()
    {
        Stage();
        Assert.Equal(files, (await RunAsync(Job())).Files);
        AssertPublished();
    }

    [Theory]
    [InlineData("publish.beforeRename", 1)]
    [InlineData("publish.afterRename", 2)]
    [InlineData("publish.library.beforeRename", 1)]
    [InlineData("publish.library.afterRename", 1)]
    public async Task AfterACrash_ItGoesOn_AndBeforeTheRenameThereIsNothing(string point, int occurrence)
    {
        Stage();
        var first = Job();
        first.OnFaultPoint = (name, count) => _ = name == point && count == occurrence ? throw new CrashException() : 0;
        await Assert.ThrowsAsync<CrashException>(() => RunAsync(first));
        Assert.Equal(point == "publish.library.afterRename", Directory.Exists(Machine));

        Assert.Equal(files, (await RunAsync(Job(first))).Files);
        AssertPublished();
    }

    [Theory]
    [InlineData("publish.afterRename", 1)]
    [InlineData("publish.library.beforeRename", 1)]
    [InlineData("publish.library.afterRename", 1)]
    public async Task GivenUpAfterACrash_TheLedgerLeavesNothing(string point, int occurrence)
    {
        Stage();
        var job = Job();
        await job.RecordResourceAsync(GrowingMachineReleaser.ResourceKind, Growing, Token);
        job.OnFaultPoint = (name, count) => _ = name == point && count == occurrence ? throw new CrashException() : 0;
        await Assert.ThrowsAsync<CrashException>(() => RunAsync(job));

        IResourceReleaser[] releasers = [new PublishedFileReleaser(), new StagingFolderReleaser(), new GrowingMachineReleaser(outputs), new LibraryMachineReleaser(outputs)];
        foreach (var (kind, place) in job.Ledger.Keys)
        {
            var resource = new ResourceDocument { Id = place, ConversionId = id, Kind = kind, Place = place, RecordedAt = DateTimeOffset.UnixEpoch };
            await releasers.Single(releaser => releaser.Kind == kind).ReleaseAsync(resource, Token);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.At("library")));
    }

    [Fact]
    public async Task NameOfAnother_IsNeitherTakenNorReleased()
    {
        Stage();
        var job = Job();
        job.OnFaultPoint = (name, _) =>
        {
            if (name == "publish.library.beforeRename")
            {
                Directory.CreateDirectory(Machine);
                File.WriteAllText(Path.Combine(Machine, "theirs"), "x");
            }
        };
        Assert.Equal(ConversionErrors.LibraryNameExists, (await Assert.ThrowsAsync<JobFailedException>(() => RunAsync(job))).Failure.Code);
        var resource = new ResourceDocument { Id = Machine, ConversionId = id, Kind = LibraryMachineReleaser.ResourceKind, Place = Machine, RecordedAt = DateTimeOffset.UnixEpoch };
        await new LibraryMachineReleaser(outputs).ReleaseAsync(resource, Token);
        Assert.Equal(["theirs"], Directory.EnumerateFileSystemEntries(Machine).Select(Path.GetFileName));

        var elsewhere = new ResourceDocument { Id = "x", ConversionId = id, Kind = GrowingMachineReleaser.ResourceKind, Place = Machine, RecordedAt = DateTimeOffset.UnixEpoch };
        await Assert.ThrowsAsync<IOException>(() => new GrowingMachineReleaser(outputs).ReleaseAsync(elsewhere, Token));
        Assert.True(Directory.Exists(Machine));
    }

    private async Task<MachinePublished> RunAsync(FakeJobContext<PublishMachine> job) => (MachinePublished)await new PublishMachineHandler(
        new TargetDefinitions([new HyperVTarget(), new RawDefinition()]), outputs, new LibraryPublishing(outputs, NoChunks.Manifests, TimeProvider.System)).RunAsync(job, Token);

    private void Stage()
    {
        var staging = StagingFolder.PathOf(Growing, id);
        Directory.CreateDirectory(staging);
        File.WriteAllText(Path.Combine(staging, files[0]), "image 0");
    }

    private void AssertPublished()
    {
        Assert.Equal(files.Append(LibraryRecord.FileName).Order(StringComparer.Ordinal), Directory.EnumerateFileSystemEntries(Machine).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        var record = LibraryRecord.TryRead(Machine)!;
        Assert.Equal((id, LibraryRecord.ConvertedKind, files[0], "https://esx/vm/web01.vmx"), (record.Id, record.Kind, record.Descriptor, record.Source));
        Assert.Equal(files, record.Files.Select(file => file.Name));
        Assert.All(record.Files, file => Assert.Equal(file.Sha256, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Machine, file.Name))))));
        Assert.False(Directory.Exists(Growing));
    }

    private FakeJobContext<PublishMachine> Job(FakeJobContext<PublishMachine>? before = null)
    {
        var machine = Machines.Of();
        var request = new ConversionRequest { Source = "https://esx/vm/web01.vmx?dcPath=x", Target = "hyperv", Output = "library:web01" };
        var command = new PublishMachine
        {
            ConversionId = id,
            Attempt = 1,
            Target = "hyperv",
            Machine = machine,
            Disks =
            [
                new DiskReport
                {
                    Disk = 0, Capacity = 1 << 20, ChunkSize = 1 << 20, Image = files[0], Format = "vhdx", ImageBytes = "image 0".Length, CapturedManifest = "", CapturedDigest = "",
                    ImageManifest = "", ImageDigest = "", VerifiedChunks = 1, ChangedByFixup = [], Bytes = new ByteCounts(),
                },
            ],
            Output = "library:web01",
            Report = new ConversionReport
            {
                Id = id, Outcome = "Completed", Request = request, Machine = machine, StartedAt = DateTimeOffset.UnixEpoch, EndedAt = DateTimeOffset.UnixEpoch,
                Steps = [], Disks = [], Findings = [], Residue = [],
            },
        };
        return new FakeJobContext<PublishMachine>(id, command, before);
    }
}
