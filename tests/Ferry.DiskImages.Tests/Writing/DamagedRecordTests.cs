using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Writing;
using Xunit;

namespace Ferry.DiskImages.Tests.Writing;

/// <summary>A record of a delta whose checksum is right and whose numbers cannot be: places computed with them would be anywhere.</summary>
public sealed class DamagedRecordTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<DiskImageFormat, DiskImageVariant, long> Cases()
    {
        var cases = new TheoryData<DiskImageFormat, DiskImageVariant, long>();
        foreach (var (format, variant) in new[]
        {
            (DiskImageFormat.Vmdk, DiskImageVariant.MonolithicSparse), (DiskImageFormat.Qcow2, DiskImageVariant.Dynamic), (DiskImageFormat.Vdi, DiskImageVariant.Dynamic), (DiskImageFormat.Vhdx, DiskImageVariant.Dynamic),
        })
        {
            foreach (var count in new[] { -1, long.MinValue, 1L << 40, long.MaxValue })
            {
                cases.Add(format, variant, count);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Reopen_DeltaThatBeganBehindTheEnd_IsRefused(DiskImageFormat format, DiskImageVariant variant, long oldCount)
    {
        var plan = new DiskImagePlan { Format = format, Variant = variant, Capacity = 8 * MiB, Allocated = [new DiskRange(0, 4096)], DiskId = Guid.NewGuid() };
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a"], plan, Token))
        {
            await writer.WriteAsync(0, new byte[4096], Token);
            await writer.CompleteAsync(Token);
        }

        var delta = new DiskImageDelta { Changed = [new DiskRange(4 * MiB, 512)], DeltaId = Guid.NewGuid() };
        await (await DiskImage.ReopenAsync(_folder["a"], format, delta, Token)).DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(_folder["a"], Token);
        var places = Enumerable.Range(0, bytes.Length / 8).Select(i => bytes.AsMemory(i * 8)).Where(at => ImageRecord.TryRead(at.Span) is { State: ImageRecordState.Begun }).ToList();
        var place = Assert.Single(places);
        (ImageRecord.TryRead(place.Span)!.Value with { OldCount = oldCount }).Write(place.Span);
        await File.WriteAllBytesAsync(_folder["a"], bytes, Token);

        await Images.FailsAsync(DiskImageErrors.Incomplete, async () => await DiskImage.ReopenAsync(_folder["a"], format, delta, Token));

        Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder["a"], Token));
    }
}
