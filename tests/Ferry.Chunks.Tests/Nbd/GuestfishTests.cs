using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Nbd;
using Ferry.Chunks.Overlay;
using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;

namespace Ferry.Chunks.Tests.Nbd;

/// <summary>The whole chain as the fix-up uses it: libguestfs's appliance writes to an overlay, the commit is a manifest, a second overlay shows the file.</summary>
public sealed class GuestfishTests : IDisposable
{
    private readonly TempFolder folder = new();
    private string output = "";
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Guestfish_MakesAFileSystemOnTheOverlay_CommittedManifestHasTheFile()
    {
        RequireTool.Named("guestfish");
        using var chunks = new FolderChunkStore(folder["store"]);
        var store = new ManifestStore(chunks);
        using ManifestWriter writer = store.CreateWriter(512L << 20, ManifestHeader.DefaultChunkSize, 512, null);
        await writer.AppendRunAsync(default, writer.ChunkCount, token);
        ChunkId empty = await writer.CompleteAsync(token);
        OverlayCommit commit = await GuestfishAsync(store, empty, "part-disk", "/dev/sda", "mbr", ":", "mkfs", "ext4", "/dev/sda1", ":", "mount", "/dev/sda1", "/", ":", "write", "/hello", "from ferry");
        Assert.NotEqual(empty, commit.Root);
        Assert.InRange(commit.ChangedChunks.Count, 2, 300);
        OverlayCommit read = await GuestfishAsync(store, commit.Root, "mount-ro", "/dev/sda1", "/", ":", "cat", "/hello");
        Assert.Equal("from ferry", output.Trim());
        Assert.Equal(commit.Root, read.Root);
    }

    private async Task<OverlayCommit> GuestfishAsync(ManifestStore store, ChunkId root, params string[] commands)
    {
        await using var disk = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(new MemoryImage([])));
        await using var overlay = new OverlayDisk(disk, folder["overlay"]);
        await using (NbdServer server = NbdServer.Start(overlay, folder["nbd"]))
        {
            output = await Tool.RunAsync("guestfish", ["--rw", "--format=raw", "-a", $"nbd://?socket={server.SocketPath}", "run", ":", .. commands]);
            Assert.Null(server.FirstFault);
        }

        return await overlay.CommitAsync(store, token);
    }
}
