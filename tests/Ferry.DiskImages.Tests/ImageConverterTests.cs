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
