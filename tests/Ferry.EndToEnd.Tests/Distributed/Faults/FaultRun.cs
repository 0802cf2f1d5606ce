using System.Security.Cryptography;
using Ferry.Contracts.Conversions;
using Ferry.EndToEnd.Tests.Embedded;

namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>One conversion that a fault strikes: its source, and what the test knows about it.</summary>
internal sealed class FaultRun
{
    private const int ChunkSize = 1 << 20;
    private readonly FaultLab lab;
    private readonly Guid run = Guid.NewGuid();
    private Dictionary<string, string> stored = [];

    private readonly int chunks;

    private FaultRun(FaultLab lab, FaultRow row, int chunks)
    {
        this.lab = lab;
        this.chunks = chunks;
        Row = row;
    }

    /// <summary>What is to be done.</summary>
    public FaultRow Row { get; }

    /// <summary>A raw copy of the source's disk.</summary>
    public string Source { get; private set; } = "";

    /// <summary>The output folder.</summary>
    public string Output => lab.File($"out-{run:N}");

    /// <summary>Id of the conversion, once it is submitted.</summary>
    public Guid Id { get; private set; }

    /// <summary>Digest of the disk, computed by the test.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>A chunk of the disk that the test has damaged, as its file's name, or null.</summary>
    public string? Damaged { get; set; }

    /// <summary>When it was submitted.</summary>
    public long Started { get; private set; }

    public static async Task<FaultRun> PrepareAsync(FaultLab lab, FaultRow row, int chunks = FaultMatrix.DiskChunks)
    {
        var run = new FaultRun(lab, row, chunks);
        if (row.Step is FaultStep.Fixup)
        {
            run.Source = lab.File("sample.raw");
            if (!File.Exists(run.Source))
            {
                await RawDisks.CopyAsync(EmbeddedConversion.SourceImage, "vmdk", run.Source);
            }
        }
        else
        {
            run.Source = Path.Combine(lab.File("web"), $"disk-{run.run:N}.img");
            await run.WriteSourceAsync();
        }

        run.Digest = lab.Digests.GetValueOrDefault(run.Source) ?? await RawDisks.DigestAsync(run.Source, ChunkSize);
        lab.Digests[run.Source] = run.Digest;
        return run;
    }

    /// <summary>Fills the source's file with bytes that no other has.</summary>
    public Task WriteSourceAsync() => File.WriteAllBytesAsync(Source, RandomNumberGenerator.GetBytes(chunks * ChunkSize), TestContext.Current.CancellationToken);

    public async Task SubmitAsync()
    {
        Started = TimeProvider.System.GetTimestamp();
        var guest = Row.Step is FaultStep.Fixup;
        Id = await lab.Ferry.SubmitAsync(new ConversionRequest
        {
            Source = guest ? FerryRepository.SampleVm : lab.Web.Url(Path.GetFileName(Source)),
            SourceFormat = guest ? null : "raw",
            Target = "hyperv",
            Output = Output,
            Fixup = guest,
            AllBlocks = true,
        });
    }

    /// <summary>Remembers the chunks that are stored now.</summary>
    public void RememberChunks() => stored = lab.ChunkFiles().ToDictionary(file => file, Hash);

    /// <summary>Those of the remembered chunks that are others now, or gone.</summary>
    public IEnumerable<string> ChangedChunks() =>
        stored.Where(chunk => Path.GetFileName(chunk.Key) != Damaged && (!File.Exists(chunk.Key) || Hash(chunk.Key) != chunk.Value)).Select(chunk => chunk.Key);

    public void DeleteFiles()
    {
        if (Row.Step is not FaultStep.Fixup)
        {
            File.Delete(Source);
        }

        if (Directory.Exists(Output))
        {
            Directory.Delete(Output, recursive: true);
        }

        lab.DeleteChunks();
    }

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
