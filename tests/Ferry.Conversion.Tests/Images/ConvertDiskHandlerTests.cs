using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Conversion.Output;
using Ferry.Conversion.Tests.Support;
using Ferry.DiskImages;
using Ferry.Hosting.Jobs;
using Ferry.Testing;
using ChunkRange = Ferry.Contracts.Conversions.ChunkRange;

namespace Ferry.Conversion.Tests.Images;

public sealed class ConvertDiskHandlerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("vhdx", DiskImageFormat.Vhdx)]
    [InlineData("vdi", DiskImageFormat.Vdi)]
    [InlineData("qcow2", DiskImageFormat.Qcow2)]
    [InlineData("vhd", DiskImageFormat.Vhd)]
    [InlineData("raw", DiskImageFormat.Raw)]
    public async Task Run_FixedUpDisk_WritesAndProvesIt(string format, DiskImageFormat imageFormat)
    {
        using var disk = await TestDisk.CreateAsync();
        var job = new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command(format));

        var report = (await disk.ConvertAsync(job)).Report;

        Assert.Equal(disk.Expected, (await TestDisk.ReadImageAsync(disk.StagedImage(format), imageFormat))[..disk.Expected.Length]);
        Assert.Equal(TestDisk.Chunks, report.VerifiedChunks);
        Assert.Equal(TestDisk.DigestOf(disk.Source), report.CapturedDigest);
        Assert.Equal(TestDisk.DigestOf(disk.Expected), report.ImageDigest);
        Assert.Equal([new ChunkRange(3, 2), new ChunkRange(50, 1)], report.ChangedByFixup);
        Assert.Equal(new FileInfo(disk.StagedImage(format)).Length, report.ImageBytes);
        Assert.Equal(5 * TestDisk.ChunkSize, report.Bytes.Zero);
    }

    /// <summary>What no file system uses is not read: it is zero in the image, which the proof demands. Chunks 4 and 70 are used by the fix-up.</summary>
    [Theory]
    [InlineData("vhdx", DiskImageFormat.Vhdx)]
    [InlineData("raw", DiskImageFormat.Raw)]
    public async Task Run_UnusedChunks_AreZeroInTheImageAndInTheProof(string format, DiskImageFormat imageFormat)
    {
        using var disk = await TestDisk.CreateAsync((4, 2), (20, 15), (65, 10));
        var job = new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command(format));

        var report = (await disk.ConvertAsync(job)).Report;

        Assert.Equal(disk.Expected, (await TestDisk.ReadImageAsync(disk.StagedImage(format), imageFormat))[..disk.Expected.Length]);
        Assert.Equal(0, disk.Expected.AsSpan(20 * TestDisk.ChunkSize, 15 * TestDisk.ChunkSize).IndexOfAnyExcept((byte)0) + 1);
        Assert.Equal(27L * TestDisk.ChunkSize, report.UnusedBytes);
        Assert.Equal(TestDisk.Chunks, report.VerifiedChunks);
        Assert.Equal(TestDisk.DigestOf(disk.Source), report.CapturedDigest);
        Assert.Equal(TestDisk.DigestOf(disk.Expected), report.ImageDigest);
        Assert.Equal([new ChunkRange(3, 2), new ChunkRange(50, 1), new ChunkRange(70, 1)], report.ChangedByFixup);
        var image = await disk.Manifests.OpenAsync(ChunkId.Parse(report.ImageManifest), Token);
        Assert.Equal(ChunkState.Unused, (await image.GetAsync(21, Token)).State);
        Assert.True(report.Bytes.Read < (TestDisk.Chunks - 20 - 20) * TestDisk.ChunkSize);
    }

    [Fact]
    public async Task Run_SomethingIsWrittenToAnUnusedChunk_IsFoundByTheProof()
    {
        using var disk = await TestDisk.CreateAsync((20, 15));
        var job = new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command("raw"))
        {
            OnFaultPoint = (name, _) =>
            {
                if (name == "convert.verify")
                {
                    using var file = File.OpenHandle(disk.StagedImage("raw"), FileMode.Open, FileAccess.ReadWrite);
                    RandomAccess.Write(file, [0x5A], (25L * TestDisk.ChunkSize) + 17);
                }
            },
        };

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.ConvertAsync(job));

        Assert.Equal(ConversionErrors.VerifyMismatch, failed.Failure.Code);
        Assert.Contains("chunk 25 ", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FixedUpDisk_ResolvesEveryEntryOfTheManifest()
    {
        using var disk = await TestDisk.CreateAsync();

        var report = (await disk.ConvertAsync(new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command()))).Report;

        var image = await disk.Manifests.OpenAsync(ChunkId.Parse(report.ImageManifest), Token);
        Assert.Equal(ChunkState.OriginHashed, (await image.GetAsync(0, Token)).State);
        Assert.Equal(ChunkState.Stored, (await image.GetAsync(3, Token)).State);
        Assert.Equal(ChunkState.Zero, (await image.GetAsync(12, Token)).State);
        Assert.Equal(ChunkState.Zero, (await image.GetAsync(45, Token)).State);
    }

    [Theory]
    [InlineData("convert.slice.written", 1)]
    [InlineData("convert.slice.written", 7)]
    [InlineData("convert.slice.proven", 1)]
    [InlineData("convert.slice.proven", 9)]
    [InlineData("convert.verify", 1)]
    public async Task Run_AfterACrash_GivesTheSameImageAndRedoesAtMostOneSlicePerWorker(string point, int occurrence)
    {
        using var whole = await TestDisk.CreateAsync();
        using var disk = await TestDisk.CreateAsync();
        await whole.ConvertAsync(new FakeJobContext<ConvertDisk>(whole.ConversionId, whole.Command()));
        var first = new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command())
        {
            OnFaultPoint = (name, count) => _ = name == point && count >= occurrence ? throw new CrashException() : 0,
        };
        await Assert.ThrowsAsync<CrashException>(() => disk.ConvertAsync(first));
        var provenBefore = first.Slices.Sum(slice => slice.Count);

        var second = new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command(), first);
        var converted = await disk.ConvertAsync(second);

        Assert.Equal(2, converted.Epoch);
        Assert.Equal(TestDisk.DigestOf(disk.Expected), converted.Report.ImageDigest);
        Assert.Equal(await File.ReadAllBytesAsync(whole.StagedImage(), Token), await File.ReadAllBytesAsync(disk.StagedImage(), Token));
        Assert.Empty(first.ProvenHere.Select(slice => slice.First).Intersect(second.ProvenHere.Select(slice => slice.First)));
        Assert.True(provenBefore + second.ProvenHere.Sum(slice => slice.Count) <= TestDisk.Chunks);
    }

    [Theory]
    [InlineData("raw", 5)]
    [InlineData("raw", 45)]
    [InlineData("raw", 99)]
    public async Task Run_AWrittenByteIsCorrupted_IsFoundByTheProofAndMendedByARepeat(string format, int chunk)
    {
        using var disk = await TestDisk.CreateAsync();
        var job = new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command(format))
        {
            OnFaultPoint = (name, _) =>
            {
                if (name == "convert.verify")
                {
                    using var file = File.OpenHandle(disk.StagedImage(format), FileMode.Open, FileAccess.ReadWrite);
                    RandomAccess.Write(file, [0x5A], ((long)chunk * TestDisk.ChunkSize) + 17);
                }
            },
        };

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.ConvertAsync(job));

        Assert.Equal(ConversionErrors.VerifyMismatch, failed.Failure.Code);
        Assert.Contains($"chunk {chunk} at byte {(long)chunk * TestDisk.ChunkSize}", failed.Failure.Message, StringComparison.Ordinal);
        var again = await disk.ConvertAsync(new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command(format), job));
        Assert.Equal(TestDisk.DigestOf(disk.Expected), again.Report.ImageDigest);
    }

    [Fact]
    public async Task Run_TheSourceChangesInTheMiddle_FailsForGood()
    {
        using var disk = await TestDisk.CreateAsync();
        var job = new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command())
        {
            OnFaultPoint = (name, count) =>
            {
                if (name == "convert.slice.proven" && count == 2)
                {
                    using var file = File.OpenHandle(disk.SourcePath, FileMode.Open, FileAccess.ReadWrite);
                    RandomAccess.Write(file, [1, 2, 3], 80L * TestDisk.ChunkSize);
                }
            },
        };

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.ConvertAsync(job));

        Assert.Equal(DiskImageErrors.SourceChanged, failed.Failure.Code);
        Assert.False(failed.Failure.Retryable);
        Assert.NotEmpty(failed.Failure.Remedy);
    }

    [Fact]
    public async Task Run_NewOutput_RecordsEveryFolderThatItMakesBeforeItIsThere()
    {
        using var disk = await TestDisk.CreateAsync();
        var output = Path.Combine(disk.Output, "deeper");
        var job = new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command() with { Output = output });

        await disk.ConvertAsync(job);

        Assert.Equal(
            [(NewFolder.Kind, disk.Output, false), (NewFolder.Kind, output, false), (StagingFolder.Kind, StagingFolder.PathOf(output, disk.ConversionId), false)],
            job.Recorded);
    }

    [Fact]
    public async Task Run_OutputThatIsThere_IsNotRecordedAsNew()
    {
        using var disk = await TestDisk.CreateAsync();
        Directory.CreateDirectory(disk.Output);
        var job = new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command());

        await disk.ConvertAsync(job);

        Assert.Equal(StagingFolder.Kind, Assert.Single(job.Recorded).Kind);
    }

    [Theory]
    [InlineData("web01-disk0.vhdx")]
    [InlineData("vm.json")]
    [InlineData("import.ps1")]
    [InlineData("report.json")]
    public async Task Run_OutputHoldsTheFile_Refuses(string name)
    {
        using var disk = await TestDisk.CreateAsync();
        Directory.CreateDirectory(disk.Output);
        await File.WriteAllTextAsync(Path.Combine(disk.Output, name), "mine", Token);

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.ConvertAsync(new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command())));

        Assert.Equal(ConversionErrors.OutputExists, failed.Failure.Code);
        Assert.False(Directory.Exists(Path.Combine(disk.Output, ".ferry")));
    }

    [Theory]
    [InlineData("/proc/ferry-output")]
    [InlineData("relative/folder")]
    [InlineData("/dev/null")]
    public async Task Run_OutputCannotBeWritten_SaysSo(string output)
    {
        using var disk = await TestDisk.CreateAsync();
        var command = disk.Command() with { Output = output };

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.ConvertAsync(new FakeJobContext<ConvertDisk>(disk.ConversionId, command)));

        Assert.Equal(ConversionErrors.OutputNotWritable, failed.Failure.Code);
    }

    [Fact]
    public async Task Run_NotEnoughRoom_SaysSoBeforeTheFirstByte()
    {
        using var disk = await TestDisk.CreateAsync();
        disk.Options.ReserveBytes = long.MaxValue / 2;

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.ConvertAsync(new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command())));

        Assert.Equal(ConversionErrors.OutputNoSpace, failed.Failure.Code);
        Assert.False(File.Exists(disk.StagedImage()));
    }

    [Fact]
    public async Task Run_Vhdx_IsCleanAndEqualForQemu()
    {
        using var disk = await TestDisk.CreateAsync();
        await disk.ConvertAsync(new FakeJobContext<ConvertDisk>(disk.ConversionId, disk.Command()));
        var expected = disk.SourcePath + ".expected";
        await File.WriteAllBytesAsync(expected, disk.Expected, Token);

        await QemuImg.RunAsync("check", "-f", "vhdx", disk.StagedImage());
        await QemuImg.RunAsync("compare", "-f", "raw", "-F", "vhdx", expected, disk.StagedImage());
    }
}
