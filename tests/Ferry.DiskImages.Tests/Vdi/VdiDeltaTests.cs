using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vdi;

/// <summary>Which VDI images take a delta; what deltas do is tested for every format in Writing.</summary>
public sealed class VdiDeltaTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => _folder["a.vdi"];

    [Fact]
    public async Task Reopen_ConvertedImage_CanBeChangedAgainAndAgain()
    {
        Tool.Require("qemu-img");
        var content = Enumerable.Range(0, 3 * MiB).Select(i => (byte)(i / MiB)).ToArray();
        await File.WriteAllBytesAsync(_folder["a.raw"], content, Token);
        await using (var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw))
        {
            await ImageConverter.ConvertAsync(raw, Path, DiskImageFormat.Vdi, cancellationToken: Token);
        }

        foreach (var offset in new[] { 1500, 2 * MiB, 700_000 })
        {
            await using var writer = await ReopenAsync(offset - 100, 300);
            await writer.WriteAsync(offset, new byte[] { 9, 8 }, Token);
            (content[offset], content[offset + 1]) = (9, 8);
            await writer.CompleteAsync(Token);
        }

        await File.WriteAllBytesAsync(_folder["a.raw"], content, Token);
        await Tool.RunAsync("qemu-img", "check", "-f", "vdi", Path);
        await Tool.RunAsync("qemu-img", "compare", "-f", "raw", "-F", "vdi", _folder["a.raw"], Path);
    }

    [Fact]
    public async Task Reopen_ImageThatQemuWroteTo_IsRefused()
    {
        Tool.Require("qemu-io");
        await CreateAsync();
        await Tool.RunAsync("qemu-io", "-f", "vdi", "-c", "write -P 3 2M 4k", Path);

        var e = await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, async () => await ReopenAsync(0, 512));

        Assert.Contains("has written to this image", e.Message, StringComparison.Ordinal);
        await using var image = await Images.OpenAsync(Path);
        Assert.Null(image.Info.ContentId);
    }

    [Fact]
    public async Task Reopen_BytesBehindTheLastBlock_DoNotShowInNewOnes()
    {
        await CreateAsync();
        await using (var file = new FileStream(Path, FileMode.Append))
        {
            await file.WriteAsync(Enumerable.Repeat((byte)0xee, MiB).ToArray(), Token);
        }

        await using (var writer = await ReopenAsync(2 * MiB, 512))
        {
            await writer.CompleteAsync(Token);
        }

        await using var image = await Images.OpenAsync(Path);
        var bytes = new byte[4 * MiB];
        await image.ReadAsync(0, bytes, Token);
        Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public async Task Reopen_ImageOfAnotherProgram_IsRefused()
    {
        Tool.Require("qemu-img");
        await Tool.RunAsync("qemu-img", "create", "-f", "vdi", Path, "4M");
        await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, async () => await ReopenAsync(0, 512));
        await File.WriteAllTextAsync(Path, "precious", Token);
        await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, async () => await ReopenAsync(0, 512));
        Assert.Equal("precious", await File.ReadAllTextAsync(Path, Token));
    }

    [Fact]
    public async Task Reopen_ImageThatIsNotFinished_IsRefused()
    {
        var plan = new DiskImagePlan { Format = DiskImageFormat.Vdi, Capacity = 4 * MiB, Allocated = [new(0, MiB)], DiskId = Guid.NewGuid() };
        await using var writer = await DiskImage.CreateOrContinueAsync(Path, plan, Token);

        await Images.FailsAsync(DiskImageErrors.Incomplete, async () => await ReopenAsync(0, 512));

        await writer.CompleteAsync(Token);
    }

    private async Task CreateAsync()
    {
        var plan = new DiskImagePlan { Format = DiskImageFormat.Vdi, Capacity = 4 * MiB, Allocated = [new(0, MiB)], DiskId = Guid.NewGuid() };
        await using var writer = await DiskImage.CreateOrContinueAsync(Path, plan, Token);
        await writer.CompleteAsync(new string('b', 64), Token);
    }

    private ValueTask<IDiskImageWriter> ReopenAsync(long offset, long length) =>
        DiskImage.ReopenAsync(Path, DiskImageFormat.Vdi, new DiskImageDelta { Changed = [new(offset, length)], DeltaId = Guid.NewGuid() }, Token);
}
