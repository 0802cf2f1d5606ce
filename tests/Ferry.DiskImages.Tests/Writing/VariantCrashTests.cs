using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Writing;

/// <summary>
/// Crashes of the program and of the machine at any moment of writing an image and of applying a delta: what is left is never taken for something whole that it is not,
/// and the same plan or delta gives the bytes of the undisturbed run.
/// </summary>
public sealed class VariantCrashTests : IDisposable
{
    private const int Sectors = 9_001;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public async Task Write_CrashAtAnyMoment_IsIncompleteAndGoesOn(DiskImageFormat format, DiskImageVariant variant)
    {
        var random = Seed.New();
        var plan = RandomPlans.Plan(random, format, variant, Sectors);
        var pieces = RandomPlans.Pieces(random, plan.Allocated, skipSome: true);
        var content = new byte[plan.Capacity];
        VariantWriteTests.Apply(pieces, content);
        var image = new WrittenImage(_folder, "a", format);
        var log = new CrashLog([]);
        await log.RunAsync(() => image.WriteAsync(plan, pieces, contentId: RandomPlans.ContentId(new Random(1))));
        var undisturbed = await image.FilesAsync();
        WrittenImage.AssertSame(undisturbed, log.AfterKill(log.Count), "in the log itself");

        foreach (var point in log.Points(random, others: 4))
        {
            foreach (var isKill in new[] { true, false })
            {
                var when = $"after {(isKill ? "the program" : "the machine")} died at step {point} of {log.Count}";
                await image.RestoreAsync(isKill ? log.AfterKill(point) : log.AfterPowerLoss(point, random));
                var isComplete = await AssertNotAMixtureAsync(image, when, content);
                await GoOnAsync(() => image.WriteAsync(plan, isComplete ? [] : pieces, contentId: RandomPlans.ContentId(new Random(1))), when, image, plan);
                WrittenImage.AssertSame(undisturbed, await image.FilesAsync(), when);
            }
        }
    }

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public async Task Reopen_CrashAtAnyMoment_IsOldOrNewOrIncompleteAndGoesOn(DiskImageFormat format, DiskImageVariant variant)
    {
        var random = Seed.New();
        var plan = RandomPlans.Plan(random, format, variant, Sectors);
        var before = RandomPlans.Pieces(random, plan.Allocated, skipSome: true);
        var old = new byte[plan.Capacity];
        VariantWriteTests.Apply(before, old);
        var image = new WrittenImage(_folder, "a", format);
        await image.WriteAsync(plan, before);

        // The image that the delta comes to has a delta behind it already, so that its record is one of a delta.
        var earlier = RandomPlans.Delta(random, plan.Capacity);
        var earlierPieces = RandomPlans.Pieces(random, earlier.Changed, skipSome: true);
        VariantWriteTests.Apply(earlierPieces, old);
        await image.ReopenAsync(earlier, earlierPieces);

        var delta = RandomPlans.Delta(random, plan.Capacity);
        var pieces = RandomPlans.Pieces(random, delta.Changed, skipSome: true);
        var content = (byte[])old.Clone();
        VariantWriteTests.Apply(pieces, content);
        var log = new CrashLog(await image.FilesAsync());
        await log.RunAsync(() => image.ReopenAsync(delta, pieces));
        var undisturbed = await image.FilesAsync();
        WrittenImage.AssertSame(undisturbed, log.AfterKill(log.Count), "in the log itself");

        foreach (var point in log.Points(random, others: 4))
        {
            foreach (var isKill in new[] { true, false })
            {
                var when = $"after {(isKill ? "the program" : "the machine")} died at step {point} of {log.Count}";
                await image.RestoreAsync(isKill ? log.AfterKill(point) : log.AfterPowerLoss(point, random));
                if (!await AssertNotAMixtureAsync(image, when, old, content))
                {
                    await AssertHeldAsync(image, format, plan, when);
                }

                await ApplyAsync(image, format, delta, pieces, writers: 1 + random.Next(2));
                WrittenImage.AssertSame(undisturbed, await image.FilesAsync(), when);
            }
        }

        await image.AssertHoldsAsync(content, mayBeLarger: variant == DiskImageVariant.Azure);
    }

    /// <summary>What is left is refused, or one of the contents as a whole.</summary>
    /// <returns>Whether it is a content.</returns>
    private static async Task<bool> AssertNotAMixtureAsync(WrittenImage image, string when, params byte[][] allowed)
    {
        try
        {
            await using var reader = await image.OpenAsync();
            var bytes = new byte[reader.Capacity];
            await reader.ReadAsync(0, bytes, Token);
            Assert.True(allowed.Any(content => bytes.AsSpan(0, content.Length).SequenceEqual(content)), $"The image holds a mixture {when}.");
            return true;
        }
        catch (DiskImageException e)
        {
            Assert.True(
                e.Code is DiskImageErrors.Incomplete || (allowed.Length == 1 && e.Code is DiskImageErrors.UnknownFormat or DiskImageErrors.MissingFile or DiskImageErrors.Corrupt),
                $"The image is refused with {e.Code} {when}: {e.Message}");
            return false;
        }
    }

    /// <summary>Another delta and the plan of old are refused by an interrupted delta.</summary>
    private static async Task AssertHeldAsync(WrittenImage image, DiskImageFormat format, DiskImagePlan plan, string when)
    {
        if (format == DiskImageFormat.Raw && await File.ReadAllBytesAsync(image.Path + ".incomplete", Token) is var mark && (mark.Length < 70 || mark.Contains((byte)0)))
        {
            // A mark that was torn holds nothing: the image is as it was.
            return;
        }

        var other = new DiskImageDelta { Changed = [new DiskRange(0, 512)], DeltaId = Guid.NewGuid() };
        try
        {
            await using var writer = await DiskImage.ReopenAsync(image.Path, format, other, Token);
            Assert.Fail($"Another delta took the image {when}.");
        }
        catch (DiskImageException e)
        {
            Assert.True(e.Code == DiskImageErrors.Incomplete, $"Another delta is refused with {e.Code} {when}: {e.Message}");
        }

        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(image.Path, plan, Token));
    }

    /// <summary>A delta that is in the image already takes no data.</summary>
    private static async Task ApplyAsync(WrittenImage image, DiskImageFormat format, DiskImageDelta delta, List<Piece> pieces, int writers)
    {
        try
        {
            await image.ReopenAsync(delta, pieces, writers);
        }
        catch (InvalidOperationException) when (format != DiskImageFormat.Raw)
        {
            await image.ReopenAsync(delta, [], writers);
        }
    }

    /// <summary>Raw records nothing in the image, so that one that was completed is somebody's from then on.</summary>
    private static async Task GoOnAsync(Func<Task> write, string when, WrittenImage image, DiskImagePlan plan)
    {
        try
        {
            await write();
        }
        catch (DiskImageException e) when (e.Code == DiskImageErrors.Exists)
        {
            Assert.True(
                plan.Format == DiskImageFormat.Raw && File.Exists(image.Path) && !File.Exists(image.Path + ".incomplete"),
                $"The plan is refused {when}: {e.Message}");
        }
    }
}
