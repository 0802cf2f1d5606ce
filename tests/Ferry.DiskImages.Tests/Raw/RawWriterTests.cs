using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Raw;

public sealed class RawWriterTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_UntilComplete_IsMarkedAndRefused()
    {
        var plan = new DiskImagePlan { Format = DiskImageFormat.Raw, Capacity = 5_000_192, Allocated = [new(512, 1024)], DiskId = Guid.NewGuid() };
        await using (var first = await DiskImage.CreateOrContinueAsync(_folder["a.raw"], plan, Token))
        {
            await first.WriteAsync(512, new byte[] { 1, 2, 3 }, Token);
        }

        await Images.FailsAsync(DiskImageErrors.Incomplete, () => Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw));
        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(_folder["a.raw"], plan with { DiskId = Guid.NewGuid() }, Token));
        await using (var second = await DiskImage.CreateOrContinueAsync(_folder["a.raw"], plan, Token))
        {
            await second.WriteAsync(515, new byte[] { 4 }, Token);
            await second.CompleteAsync(Token);
        }

        await using var reader = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        var read = new byte[6];
        await reader.ReadAsync(511, read, Token);
        Assert.Equal([0, 1, 2, 3, 4, 0], read);
        Assert.Equal(plan.Capacity, reader.Capacity);
        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(_folder["a.raw"], plan, Token));
    }

    [Fact]
    public async Task Create_LargerThanTheFileSystem_SaysThatThereIsNoSpace()
    {
        // No file system holds a file of this size.
        var plan = new DiskImagePlan { Format = DiskImageFormat.Raw, Capacity = long.MaxValue - 511, Allocated = [], DiskId = Guid.NewGuid() };
        await Images.FailsAsync(DiskImageErrors.NoSpace, async () => await DiskImage.CreateOrContinueAsync(_folder["a.raw"], plan, Token));
    }
}
