using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;

namespace Ferry.Chunks.Tests.Store;

public sealed class FullDiskTests
{
    [Fact]
    public async Task Put_DiskFull_IsStoreFullAndGoesOnWhenThereIsSpace()
    {
        RequireTool.Named("mount");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a small file system.");
        CancellationToken token = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["small"]);
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder["small"]);
        try
        {
            using var store = new FolderChunkStore(folder["small"]);
            (ChunkId first, _) = await store.PutAsync(TestBytes.Random(1_500_000, 1), token);
            var error = await Assert.ThrowsAsync<ChunkStoreException>(async () => await store.PutAsync(TestBytes.Random(1_000_000, 2), token));
            Assert.Equal(ChunkStoreErrors.Full, error.Code);
            await store.FlushAsync(token);
            Assert.True(await store.ContainsAsync(first, token));
            await store.DeleteAsync(first, null, token);
            (ChunkId second, _) = await store.PutAsync(TestBytes.Random(1_000_000, 2), token);
            await store.FlushAsync(token);
            Assert.True(await store.ContainsAsync(second, token));
        }
        finally
        {
            await Tool.RunAsync("umount", folder["small"]);
        }
    }
}
