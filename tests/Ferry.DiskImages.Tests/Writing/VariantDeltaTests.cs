using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Writing;

/// <summary>Deltas to complete images of every variant that takes them.</summary>
public sealed class VariantDeltaTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public async Task Reopen_RandomDeltas_ChangeWhatWasWrittenAndNothingElse(DiskImageFormat format, DiskImageVariant variant)
    {
        var random = Seed.New();
        var larger = variant == DiskImageVariant.Azure;
        var (plan, content, image) = await CreateAsync(random, format, variant, "a");
        var (_, _, second) = await CreateAsync(plan, content, "b");
        for (var round = 0; round < 3; round++)
        {
            var delta = RandomPlans.Delta(random, plan.Capacity);
            var pieces = RandomPlans.Pieces(random, delta.Changed, skipSome: true);
            VariantWriteTests.Apply(pieces, content);

            await image.ReopenAsync(delta, pieces[..(pieces.Count / 2)], writers: 2, complete: false);
            await image.AssertIncompleteAsync();
            await image.ReopenAsync(delta, pieces[(pieces.Count / 2)..], writers: 3);
            await image.AssertHoldsAsync(content, larger);

            await second.ReopenAsync(delta, pieces);
            WrittenImage.AssertSame(await second.FilesAsync(), await image.FilesAsync(), $"in round {round}");
        }

        if (WritableVariants.RecordsDelta(format, variant))
        {
            // It is no longer the image of its plan.
            await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(image.Path, plan, Token));
        }
    }

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public async Task Reopen_InterruptedDelta_GoesOnWithTheSameOnly(DiskImageFormat format, DiskImageVariant variant)
    {
        var random = Seed.New();
        var (plan, content, image) = await CreateAsync(random, format, variant, "a");
        var delta = RandomPlans.Delta(random, plan.Capacity);
        await image.ReopenAsync(delta, [], complete: false);

        foreach (var other in new[] { delta with { DeltaId = Guid.NewGuid() }, delta with { Changed = [new DiskRange(0, 512)] } })
        {
            var e = await Images.FailsAsync(DiskImageErrors.Incomplete, async () => await DiskImage.ReopenAsync(image.Path, format, other, Token));
            Assert.Contains("delta", e.Message, StringComparison.Ordinal);
        }

        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(image.Path, plan, Token));
        await image.ReopenAsync(delta, []);
        await image.AssertHoldsAsync(content, variant == DiskImageVariant.Azure);
        if (WritableVariants.RecordsDelta(format, variant))
        {
            await using var writer = await DiskImage.ReopenAsync(image.Path, format, delta, Token);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.WriteAsync(delta.Changed[0].Offset, new byte[1], Token));
            await writer.CompleteAsync(Token);
        }
    }

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public async Task Reopen_WrongCalls_AreRefusedAndChangeNothing(DiskImageFormat format, DiskImageVariant variant)
    {
        var random = Seed.New();
        var (plan, _, image) = await CreateAsync(random, format, variant, "a");
        var before = await image.FilesAsync();
        var id = Guid.NewGuid();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await DiskImage.ReopenAsync(
            image.Path, format, new DiskImageDelta { Changed = [new DiskRange(0, plan.Capacity + (2 << 20))], DeltaId = id }, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await DiskImage.ReopenAsync(
            image.Path, format, new DiskImageDelta { Changed = [new DiskRange(512, 512), new DiskRange(0, 512)], DeltaId = id }, Token));
        await Images.FailsAsync(DiskImageErrors.MissingFile, async () => await DiskImage.ReopenAsync(
            image.Path + ".not", format, new DiskImageDelta { Changed = [], DeltaId = id }, Token));
        WrittenImage.AssertSame(before, await image.FilesAsync());

        await using var writer = await DiskImage.ReopenAsync(image.Path, format, new DiskImageDelta { Changed = [new DiskRange(100, 50)], DeltaId = id }, Token);
        foreach (var (offset, length) in new[] { (99, 1), (149, 2), (0, 512) })
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await writer.WriteAsync(offset, new byte[length], Token));
        }
    }

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public async Task Complete_WithAContent_IsRecordedAndChecked(DiskImageFormat format, DiskImageVariant variant)
    {
        var random = Seed.New();
        var plan = RandomPlans.Plan(random, format, variant, 5003);
        var image = new WrittenImage(_folder, "a", format);
        var (first, next) = (RandomPlans.ContentId(random), RandomPlans.ContentId(random));
        var delta = RandomPlans.Delta(random, plan.Capacity) with { BaseContentId = first };
        await image.WriteAsync(plan, [], contentId: first);
        if (!WritableVariants.RecordsContent(format))
        {
            await Images.FailsAsync(DiskImageErrors.ContentDiffers, async () => await DiskImage.ReopenAsync(image.Path, format, delta, Token));
            return;
        }

        Assert.Equal(first, await ContentIdAsync(image));
        await Images.FailsAsync(DiskImageErrors.ContentDiffers, async () => await DiskImage.ReopenAsync(image.Path, format, delta with { BaseContentId = next }, Token));
        await image.ReopenAsync(delta, [], complete: false);
        await image.ReopenAsync(delta, [], writers: 2, contentId: next);
        Assert.Equal(next, await ContentIdAsync(image));
        await Images.FailsAsync(DiskImageErrors.ContentDiffers, async () => await DiskImage.ReopenAsync(
            image.Path, format, delta with { DeltaId = Guid.NewGuid() }, Token));
        await image.ReopenAsync(RandomPlans.Delta(random, plan.Capacity), []);
        Assert.Null(await ContentIdAsync(image));
    }

    private static async Task<string?> ContentIdAsync(WrittenImage image)
    {
        await using var reader = await image.OpenAsync();
        return reader.Info.ContentId;
    }

    private Task<(DiskImagePlan Plan, byte[] Content, WrittenImage Image)> CreateAsync(Random random, DiskImageFormat format, DiskImageVariant variant, string name)
    {
        var plan = RandomPlans.Plan(random, format, variant, random.Next(100, 30_000));
        var content = new byte[plan.Capacity];
        VariantWriteTests.Apply(RandomPlans.Pieces(random, plan.Allocated, skipSome: false), content);
        return CreateAsync(plan, content, name);
    }

    private async Task<(DiskImagePlan Plan, byte[] Content, WrittenImage Image)> CreateAsync(DiskImagePlan plan, byte[] content, string name)
    {
        var image = new WrittenImage(_folder, name, plan.Format);
        await image.WriteAsync(plan, [.. plan.Allocated.Select(r => new Piece(r.Offset, content.AsSpan((int)r.Offset, (int)r.Length).ToArray()))]);
        return (plan, content, image);
    }
}
