using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests;

public sealed class ImageConverterTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Convert_ZeroData_TakesNoPlace()
    {
        var bytes = new byte[20 << 20];
        bytes[^1] = 1;
        await File.WriteAllBytesAsync(_folder["a.raw"], bytes, Token);
        await using var reader = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);

        var result = await ImageConverter.ConvertAsync(reader, _folder["a.vhdx"], DiskImageFormat.Vhdx, cancellationToken: Token);

        Assert.Equal(5 << 20, new FileInfo(_folder["a.vhdx"]).Length);
        Assert.InRange(result.BytesWritten, 1, 65536);
        await using var written = await Images.OpenAsync(_folder["a.vhdx"]);
        Assert.True((await ImageComparer.CompareAsync(reader, written, cancellationToken: Token)).IsIdentical);
    }

    [Fact]
    public async Task Convert_ToSmallBlocks_GivesAPlaceToThoseWithDataOnly()
    {
        var bytes = new byte[8 << 20];
        foreach (var at in new[] { 0, 4095, 32768 + 8192, (1 << 20) - 1, 1 << 20, (5 << 20) + 12288, bytes.Length - 1 })
        {
            bytes[at] = 1;
        }

        await File.WriteAllBytesAsync(_folder["a.raw"], bytes, Token);
        await using var reader = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        await ImageConverter.ConvertAsync(reader, _folder["a.vmdk"], DiskImageFormat.Vmdk, new ImageConvertOptions { BlockSize = 4096, Durable = false }, cancellationToken: Token);

        await using var written = await Images.OpenAsync(_folder["a.vmdk"]);
        Assert.True((await ImageComparer.CompareAsync(reader, written, cancellationToken: Token)).IsIdentical);
        var allocated = await written.GetExtentsAsync(0, written.Capacity, Token).Where(e => e.Kind == ExtentKind.Data).Select(e => e.Length).SumAsync(Token);
        Assert.Equal(6 * 4096, allocated);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(32768)]
    public void FindData_HoweverTheDiskIsCut_FindsTheSameRuns(int first)
    {
        var random = new Random(first);
        var bytes = new byte[700_000];
        for (var i = 0; i < 9; i++)
        {
            bytes[random.Next(bytes.Length)] = 1;
        }

        var whole = Runs(bytes, first, bytes.Length);
        Assert.NotEmpty(whole);
        Assert.Equal(whole, Runs(bytes, first, 65536 * 3));
        Assert.All(whole, run => Assert.True(run.End - run.Offset <= 3 * 32768));

        static List<DiskRange> Runs(byte[] bytes, int first, int piece)
        {
            var runs = new List<DiskRange>();
            for (var at = first; at < bytes.Length;)
            {
                var end = Math.Min(bytes.Length, ((at / piece) + 1) * piece);
                foreach (var run in Conversion.ZeroRuns.FindData(bytes.AsSpan(at..end), at, 32768) ?? [])
                {
                    var next = new DiskRange(at + run.Start.Value, run.End.Value - run.Start.Value);
                    if (runs.Count > 0 && runs[^1].End == next.Offset)
                    {
                        runs[^1] = runs[^1] with { Length = runs[^1].Length + next.Length };
                    }
                    else
                    {
                        runs.Add(next);
                    }
                }

                at = end;
            }

            return runs;
        }
    }

    [Fact]
    public async Task Stream_AnyImage_IsTheRawContent()
    {
        var bytes = new byte[(5 << 20) + 512];
        new Random(2).NextBytes(bytes.AsSpan(1_500_000, 1_200_000));
        bytes[^1] = 9;
        await File.WriteAllBytesAsync(_folder["a.raw"], bytes, Token);
        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        await ImageConverter.ConvertAsync(raw, _folder["a.vmdk"], DiskImageFormat.Vmdk, new ImageConvertOptions { Variant = DiskImageVariant.StreamOptimized }, cancellationToken: Token);
        await using var image = await Images.OpenAsync(_folder["a.vmdk"]);
        using var stream = new MemoryStream();

        await ImageStreamer.CopyAsync(image, stream, Token);

        Assert.True(bytes.AsSpan().SequenceEqual(stream.ToArray()));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), await ImageHasher.ComputeAsync(image, cancellationToken: Token));
    }

    [Fact]
    public async Task Convert_RawOfAnOddLength_IsFilledUpWithZeros()
    {
        await File.WriteAllBytesAsync(_folder["a.raw"], [.. Enumerable.Repeat((byte)7, 1300)], Token);
        await using var reader = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);

        await ImageConverter.ConvertAsync(reader, _folder["a.vhdx"], DiskImageFormat.Vhdx, cancellationToken: Token);

        await using var written = await Images.OpenAsync(_folder["a.vhdx"]);
        Assert.Equal(1536, written.Capacity);
        Assert.Null((await ImageComparer.CompareAsync(reader, written, cancellationToken: Token)).FirstDifference);
    }

    [Fact]
    public async Task Convert_ExistingTarget_IsKeptUnlessAllowed()
    {
        await File.WriteAllBytesAsync(_folder["a.raw"], new byte[1 << 20], Token);
        await File.WriteAllTextAsync(_folder["a.vhdx"], "precious", Token);
        await using var reader = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);

        await Images.FailsAsync(DiskImageErrors.Exists, () => ImageConverter.ConvertAsync(reader, _folder["a.vhdx"], DiskImageFormat.Vhdx, cancellationToken: Token));

        Assert.Equal("precious", await File.ReadAllTextAsync(_folder["a.vhdx"], Token));
    }

    [Fact]
    public async Task Convert_SourceThatIsCutOff_LeavesNothing()
    {
        await Samples.UnpackAsync("strozfriedberg-vmdk-rs/streamOptimized.vmdk", _folder.Path);
        var bytes = await File.ReadAllBytesAsync(_folder["streamOptimized.vmdk"], Token);
        await File.WriteAllBytesAsync(_folder["cut.vmdk"], bytes[..(bytes.Length / 2)], Token);
        await using var reader = await Images.OpenAsync(_folder["cut.vmdk"]);

        await Images.FailsAsync(DiskImageErrors.Truncated, () => ImageConverter.ConvertAsync(reader, _folder["a.vhdx"], DiskImageFormat.Vhdx, cancellationToken: Token));

        Assert.False(File.Exists(_folder["a.vhdx"]));
    }

    [Fact]
    public async Task Convert_Cancelled_LeavesNothing()
    {
        var bytes = new byte[64 << 20];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(_folder["a.raw"], bytes, Token);
        await using var reader = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        using var stop = new CancellationTokenSource();
        var progress = new CallbackProgress(_ => stop.Cancel());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ImageConverter.ConvertAsync(reader, _folder["a.vhdx"], DiskImageFormat.Vhdx, null, progress, stop.Token));

        Assert.False(File.Exists(_folder["a.vhdx"]));
    }

    [Fact]
    public async Task Convert_SourceThatChanges_IsAnError()
    {
        await File.WriteAllBytesAsync(_folder["a.raw"], new byte[4 << 20], Token);
        await using var reader = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        var progress = new CallbackProgress(_ => File.SetLastWriteTimeUtc(_folder["a.raw"], DateTime.UnixEpoch));

        await Images.FailsAsync(
            DiskImageErrors.SourceChanged, () => ImageConverter.ConvertAsync(reader, _folder["a.vhdx"], DiskImageFormat.Vhdx, null, progress, Token));

        Assert.False(File.Exists(_folder["a.vhdx"]));
    }

    [Theory]
    [InlineData(0, 0, 3_500_000L)]
    [InlineData(3_499_999, 3_499_999, 3_499_999L)]
    [InlineData(2_000_000, 1_000_000, 1_000_000L)]
    public async Task Compare_FindsTheFirstDifference(int one, int two, long expected)
    {
        var bytes = new byte[3_500_000];
        await File.WriteAllBytesAsync(_folder["a.raw"], bytes, Token);
        if (expected < bytes.Length)
        {
            bytes[one] = 1;
            bytes[two] = 1;
        }

        await File.WriteAllBytesAsync(_folder["b.raw"], bytes, Token);
        await using var a = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        await using var b = await Images.OpenAsync(_folder["b.raw"], DiskImageFormat.Raw);

        var result = await ImageComparer.CompareAsync(a, b, cancellationToken: Token);

        Assert.Equal(expected < bytes.Length ? expected : null, result.FirstDifference);
    }

    private sealed class CallbackProgress(Action<ImageConvertProgress> report) : IProgress<ImageConvertProgress>
    {
        public void Report(ImageConvertProgress value) => report(value);
    }
}
