using System.Diagnostics;
using System.Globalization;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Writing;

/// <summary>Several processes write one image, and apply one delta to it, at the same time.</summary>
public sealed class VariantProcessTests : IDisposable
{
    private const int Processes = 3;
    private const int Capacity = 9001 * 512;
    private const string Variable = "FERRY_TEST_WRITER";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task WriteAndReopen_InSeveralProcesses_HoldsWhatAllWrote() => RunAsync(DiskImageFormat.Vhdx, DiskImageVariant.Dynamic);

    [Theory]
    [Trait("Tier", "all")]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public Task WriteAndReopen_InSeveralProcessesEveryVariant_HoldsWhatAllWrote(DiskImageFormat format, DiskImageVariant variant) => RunAsync(format, variant);

    /// <summary>What one of the processes does; it is no test.</summary>
    [Fact(Explicit = true)]
    public async Task Work()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('|') is not [var path, var format, var variant, var seed, var number, var kind])
        {
            Assert.Skip("This is run by other tests.");
            return;
        }

        var (plan, delta) = Make(Enum.Parse<DiskImageFormat>(format), Enum.Parse<DiskImageVariant>(variant), int.Parse(seed, CultureInfo.InvariantCulture));
        var pieces = kind == "plan" ? plan.Pieces : delta.Pieces;
        await using var writer = kind == "plan"
            ? await DiskImage.CreateOrContinueAsync(path, plan.Plan, Token)
            : await DiskImage.ReopenAsync(path, plan.Plan.Format, delta.Delta, Token);
        for (var i = int.Parse(number, CultureInfo.InvariantCulture); i < pieces.Count; i += Processes)
        {
            await writer.WriteAsync(pieces[i].Offset, pieces[i].Bytes, Token);
        }

        await writer.FlushAsync(Token);
    }

    private static ((DiskImagePlan Plan, List<Piece> Pieces) Plan, (DiskImageDelta Delta, List<Piece> Pieces) Delta) Make(DiskImageFormat format, DiskImageVariant variant, int seed)
    {
        var random = new Random(seed);
        var plan = RandomPlans.Plan(random, format, variant, Capacity / 512);
        var pieces = RandomPlans.Pieces(random, plan.Allocated, skipSome: true);
        var delta = RandomPlans.Delta(random, Capacity);
        return ((plan, pieces), (delta, RandomPlans.Pieces(random, delta.Changed, skipSome: true)));
    }

    private static async Task WorkAsync(string path, DiskImageFormat format, DiskImageVariant variant, int seed, int number, string kind)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noLogo", "-noColor", "-explicit", "only", "-method", $"{typeof(VariantProcessTests).FullName}.{nameof(Work)}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Variable] = string.Create(CultureInfo.InvariantCulture, $"{path}|{format}|{variant}|{seed}|{number}|{kind}");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0 && output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal), output);
    }

    private async Task RunAsync(DiskImageFormat format, DiskImageVariant variant)
    {
        var seed = Seed.New().Next();
        var (plan, delta) = Make(format, variant, seed);
        var image = new WrittenImage(_folder, "a", format);
        var content = new byte[Capacity];
        VariantWriteTests.Apply(plan.Pieces, content);

        await Task.WhenAll(Enumerable.Range(0, Processes).Select(i => WorkAsync(image.Path, format, variant, seed, i, "plan")));
        await image.AssertIncompleteAsync();
        await image.WriteAsync(plan.Plan, []);
        await image.AssertHoldsAsync(content, mayBeLarger: variant == DiskImageVariant.Azure);

        VariantWriteTests.Apply(delta.Pieces, content);
        await Task.WhenAll(Enumerable.Range(0, Processes).Select(i => WorkAsync(image.Path, format, variant, seed, i, "delta")));
        await image.AssertIncompleteAsync();
        await image.ReopenAsync(delta.Delta, []);
        await image.AssertHoldsAsync(content, mayBeLarger: variant == DiskImageVariant.Azure);
    }
}
