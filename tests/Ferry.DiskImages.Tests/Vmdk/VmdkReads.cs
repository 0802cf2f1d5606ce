using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vmdk;

/// <summary>Comparisons with a raw disk.</summary>
internal static class VmdkReads
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Concurrent reads of any size at any place.</summary>
    public static async Task AssertRandomReadsAsync(IDiskImageReader expected, IDiskImageReader actual, Random random)
    {
        await Parallel.ForAsync(0, 200, Token, async (_, token) =>
        {
            int length;
            long offset;
            lock (random)
            {
                length = (int)Math.Min(expected.Capacity, random.Next(1, random.Next(2) == 0 ? 5000 : 400_000));
                offset = random.NextInt64(expected.Capacity - length + 1);
            }

            var a = new byte[length];
            var b = new byte[length];
            await expected.ReadAsync(offset, a, token);
            await actual.ReadAsync(offset, b, token);
            Assert.True(a.AsSpan().SequenceEqual(b), $"{length} bytes at {offset} differ.");
        });
    }

    /// <summary>All that is not data is zero, and extents of parts agree with those of the whole.</summary>
    public static async Task AssertExtentsAsync(IDiskImageReader image, IDiskImageReader raw)
    {
        await Images.CheckExtentsAsync(image);
        var all = await image.GetExtentsAsync(0, image.Capacity, Token).ToListAsync(Token);
        foreach (var extent in all.Where(e => e.Kind != ExtentKind.Data))
        {
            var bytes = new byte[Math.Min(extent.Length, 1 << 20)];
            await raw.ReadAsync(extent.Offset, bytes, Token);
            Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)0));
        }

        var middle = image.Capacity / 3;
        var part = await image.GetExtentsAsync(middle, image.Capacity - middle, Token).ToListAsync(Token);
        var clipped = all.Where(e => e.End > middle).Select(e => e.Offset < middle ? new DiskExtent(middle, e.End - middle, e.Kind) : e);
        Assert.Equal(clipped, part);
    }
}
