using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Writing;

/// <summary>Conversions to every variant that can be written.</summary>
public sealed class VariantConvertTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(WritableVariants.All), MemberType = typeof(WritableVariants))]
    public async Task Convert_RandomDisk_HoldsTheSameAndIsDeterministic(DiskImageFormat format, DiskImageVariant variant)
    {
        var random = Seed.New();
        var content = new byte[random.Next(1, 40_000) * 512];
        VariantWriteTests.Apply(RandomPlans.Pieces(random, RandomPlans.Delta(random, content.Length).Changed, skipSome: false), content);
        await File.WriteAllBytesAsync(_folder["source"], content, Token);
        var first = new WrittenImage(_folder, "a", format);
        var second = new WrittenImage(_folder, "b", format);

        foreach (var image in new[] { first, second })
        {
            await using var reader = await Images.OpenAsync(_folder["source"], DiskImageFormat.Raw);
            await ImageConverter.ConvertAsync(reader, image.Path, format, new ImageConvertOptions { Variant = variant }, cancellationToken: Token);
        }

        await first.AssertHoldsAsync(content, mayBeLarger: variant == DiskImageVariant.Azure);
        WrittenImage.AssertSame(await first.FilesAsync(), await second.FilesAsync());
    }

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public async Task Reopen_ConvertedImage_TakesADelta(DiskImageFormat format, DiskImageVariant variant)
    {
        var random = Seed.New();
        var content = new byte[random.Next(1, 30_000) * 512];
        VariantWriteTests.Apply(RandomPlans.Pieces(random, RandomPlans.Delta(random, content.Length).Changed, skipSome: false), content);
        await File.WriteAllBytesAsync(_folder["source"], content, Token);
        var image = new WrittenImage(_folder, "a", format);
        await using (var reader = await Images.OpenAsync(_folder["source"], DiskImageFormat.Raw))
        {
            await ImageConverter.ConvertAsync(reader, image.Path, format, new ImageConvertOptions { Variant = variant }, cancellationToken: Token);
        }

        var delta = RandomPlans.Delta(random, content.Length);
        var pieces = RandomPlans.Pieces(random, delta.Changed, skipSome: true);
        VariantWriteTests.Apply(pieces, content);
        await image.ReopenAsync(delta, pieces, writers: 2);

        await image.AssertHoldsAsync(content, mayBeLarger: variant == DiskImageVariant.Azure);
    }
}
