using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;

namespace Ferry.Chunks.Tests.Collection;

/// <summary>Whoever was told that a chunk is there still has it, however its deletion falls in between.</summary>
public sealed class DeletionRaceTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ContainsAndDelete_AtTheSameMoment_TheAnswerHolds()
    {
        using FolderChunkStore asking = new(folder.Path);
        using FolderChunkStore collecting = new(folder.Path);
        byte[] data = TestBytes.Random(100, 1);
        var random = new Random(7);
        int there = 0;
        int deleted = 0;
        for (int round = 0; round < 3000; round++)
        {
            (ChunkId id, _) = await asking.PutAsync(data, token);
            await asking.FlushAsync(token);
            DateTime old = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2);
            File.SetLastWriteTimeUtc(FileOf(id), old);
            DateTimeOffset cutOff = new(old.AddDays(1));
            int head = random.Next(200);
            using var start = new Barrier(2);
            Task<bool> ask = Task.Run(
                async () =>
                {
                    start.SignalAndWait(token);
                    Thread.SpinWait(head * 10);
                    return await asking.ContainsAsync(id, token);
                },
                token);
            Task<bool> delete = Task.Run(
                async () =>
                {
                    start.SignalAndWait(token);
                    Thread.SpinWait((200 - head) * 10);
                    return await collecting.DeleteAsync(id, cutOff, token);
                },
                token);

            bool wasThere = await ask;
            bool wasDeleted = await delete;

            Assert.NotEqual(wasThere, wasDeleted);
            Assert.Equal(wasThere, File.Exists(FileOf(id)));
            there += wasThere ? 1 : 0;
            deleted += wasDeleted ? 1 : 0;
        }

        Assert.True(there > 0, "Every chunk was deleted before it was asked for: nothing was tested.");
        Assert.True(deleted > 0, "No chunk was deleted: nothing was tested.");
        Assert.Empty(Directory.GetFiles(folder["trash"]));
    }

    [Theory]
    [InlineData("contains")]
    [InlineData("read")]
    [InlineData("put")]
    [InlineData("collection")]
    public async Task Crash_InTheMiddleOfDeleting_LeavesTheChunkWhole(string next)
    {
        byte[] data = TestBytes.Random(100, 1);
        ChunkId id;
        using (FolderChunkStore crashing = new(folder.Path))
        {
            (id, _) = await crashing.PutAsync(data, token);
            await crashing.FlushAsync(token);
            File.Move(FileOf(id), folder[$"trash/{id}"]);
        }

        using FolderChunkStore store = new(folder.Path);
        byte[] buffer = new byte[200];
        switch (next)
        {
            case "contains":
                Assert.True(await store.ContainsAsync(id, token));
                break;
            case "put":
                Assert.False((await store.PutAsync(data, token)).Added);
                break;
            case "collection":
                await store.BeginCollectionAsync(token);
                break;
            default:
                break;
        }

        Assert.Equal(data, buffer[..await store.ReadAsync(id, buffer, token)]);
        Assert.True(File.Exists(FileOf(id)));
        Assert.Empty(Directory.GetFiles(folder["trash"]));
    }

    private string FileOf(ChunkId id) => folder[$"chunks/{id.ToString()[..2]}/{id.ToString()[2..4]}/{id}"];
}
