using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Tests.Fuzzing;
using Xunit;

namespace Ferry.DiskImages.Tests.Checking;

/// <summary>Files that are compared with what is used of them in windows of 128 GiB.</summary>
public sealed class StructureCheckTests
{
    private const long Window = 128L << 30;

    /// <summary>Only the windows in which something is are gone through; there are eight million of them.</summary>
    [Fact]
    public async Task Run_FileOfAnExbibyte_EndsAtOnce()
    {
        const long Exbi = 1L << 60;
        var structure = new Parts(Exbi, new(0, 0, 4096, "a"), new(0, Exbi - 4096, 4096, "b"), new(0, (7 * Window) - 512, 1024, "c"), new(0, 7 * Window, 512, "d"), new(0, Exbi, 512, "e"));
        var errors = new List<ImageCheckError>();
        var check = new StructureCheck(structure, errors.Add);

        await check.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Exbi, check.FileBytes);
        Assert.Equal(Exbi - 4096 - 4096 - 1024, check.Leaked);
        Assert.Equal([DiskImageErrors.Truncated, DiskImageErrors.Corrupt], errors.Select(error => error.Code));
        Assert.InRange(structure.Passes, 1, 5);
    }

    [Theory]
    [InlineData(0, 3 * Window, 0)]
    [InlineData(Window + 512, 512, (3 * Window) - 512)]
    [InlineData(Window - 512, Window + 1024, (2 * Window) - 1024)]
    [InlineData(0, 0, 3 * Window)]
    public async Task Run_RangeAcrossWindows_LeaksTheRest(long offset, long length, long leaked)
    {
        var check = new StructureCheck(new Parts(3 * Window, new UsedRange(0, offset, length, "a")), error => Assert.Fail(error.Message));

        await check.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(leaked, check.Leaked);
    }

    private sealed class Parts(long length, params UsedRange[] ranges) : IDiskImageStructure
    {
        public int Passes { get; private set; }

        public IReadOnlyList<IByteSource> OwnFiles { get; } = [new SubrangeByteSource(new MemoryByteSource("a", []), "a", 0, length)];

        public long LeakUnit => 512;

        public IAsyncEnumerable<UsedRange> GetUsedRangesAsync(CancellationToken cancellationToken)
        {
            Passes++;
            return ranges.ToAsyncEnumerable();
        }
    }
}
