using System.Buffers.Binary;
using System.Net.Sockets;
using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Nbd;
using Ferry.Chunks.Overlay;
using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;

namespace Ferry.Chunks.Tests.Nbd;

/// <summary>The server against clients written by others, and against ones that break the rules.</summary>
public sealed class NbdServerTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ManifestStore store = new(new MemoryStore());
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Qemu_ReadsAndConvertsTheDisk()
    {
        RequireTool.Named("qemu-img");
        (ManifestDisk disk, byte[] bytes) = await DiskAsync(1);
        await using NbdServer server = NbdServer.Start(new ReadOnlyBlockDevice(disk), folder["nbd"]);
        string info = await Tool.RunAsync("qemu-img", "info", "--output=json", Uri(server));
        Assert.Contains($"\"virtual-size\": {bytes.Length}", info, StringComparison.Ordinal);
        Assert.Contains("\"zero\": true", await Tool.RunAsync("qemu-img", "map", "--output=json", Uri(server)), StringComparison.Ordinal);
        await Tool.RunAsync("qemu-img", "convert", "-f", "raw", "-O", "raw", "-m", "8", "-W", Uri(server), folder["copy.raw"]);
        byte[] copy = await File.ReadAllBytesAsync(folder["copy.raw"], token);
        Assert.True(bytes.AsSpan().SequenceEqual(copy));
        Assert.Null(server.FirstFault);
    }

    [Fact]
    public async Task QemuIo_WritesAreInTheOverlay()
    {
        RequireTool.Named("qemu-io");
        (ManifestDisk disk, byte[] bytes) = await DiskAsync(2);
        await using var overlay = new OverlayDisk(disk, folder.Path);
        await using NbdServer server = NbdServer.Start(overlay, folder["nbd"]);
        await Tool.RunAsync(
            "qemu-io", "-f", "raw", Uri(server), "-c", "write -P 0xab 1k 200k", "-c", "aio_write -P 0xcd 300k 100k", "-c", "aio_write -P 0x11 500k 64k", "-c", "aio_flush",
            "-c", "write -z 40k 33k", "-c", "discard 640k 64k", "-c", "write -f -P 0xee 720k 512", "-c", "read -P 0xab 1k 39k", "-c", "flush");
        bytes.AsSpan(1 << 10, 200 << 10).Fill(0xab);
        bytes.AsSpan(300 << 10, 100 << 10).Fill(0xcd);
        bytes.AsSpan(500 << 10, 64 << 10).Fill(0x11);
        bytes.AsSpan(40 << 10, 33 << 10).Clear();
        bytes.AsSpan(640 << 10, 64 << 10).Clear();
        bytes.AsSpan(720 << 10, 512).Fill(0xee);
        byte[] now = new byte[bytes.Length];
        await overlay.ReadAsync(0, now, token);
        Assert.True(bytes.AsSpan().SequenceEqual(now));
        Assert.Null(server.FirstFault);
    }

    [Fact]
    public async Task QemuIo_WriteToReadOnlyDisk_IsRefused()
    {
        RequireTool.Named("qemu-io");
        (ManifestDisk disk, _) = await DiskAsync(2);
        await using NbdServer server = NbdServer.Start(new ReadOnlyBlockDevice(disk), folder["nbd"]);
        await Assert.ThrowsAnyAsync<Exception>(() => Tool.RunAsync("qemu-io", "-f", "raw", Uri(server), "-c", "write 0 512"));
    }

    [Fact]
    public async Task Libnbd_SeesTheExportAndCopiesOverSeveralConnections()
    {
        RequireTool.Named("nbdcopy");
        (ManifestDisk disk, byte[] bytes) = await DiskAsync(3, chunks: 200);
        await using var overlay = new OverlayDisk(disk, folder.Path);
        await using NbdServer server = NbdServer.Start(overlay, folder["nbd"]);
        string info = await Tool.RunAsync("nbdinfo", "--json", "--list", Uri(server));
        Assert.Contains($"\"export-size\": {bytes.Length}", info, StringComparison.Ordinal);
        Assert.Contains("\"can_multi_conn\": true", info, StringComparison.Ordinal);
        Assert.Contains("base:allocation", info, StringComparison.Ordinal);
        Assert.Contains("hole", await Tool.RunAsync("nbdinfo", "--map", Uri(server)), StringComparison.Ordinal);
        await Tool.RunAsync("nbdcopy", "--connections=4", Uri(server), folder["copy.raw"]);
        byte[] copy = await File.ReadAllBytesAsync(folder["copy.raw"], token);
        Assert.True(bytes.AsSpan().SequenceEqual(copy));
        byte[] other = TestBytes.Random(bytes.Length, 77);
        other.AsSpan(100_000, 3_000_000).Clear();
        await File.WriteAllBytesAsync(folder["other.raw"], other, token);
        await Tool.RunAsync("nbdcopy", "--connections=4", "--flush", folder["other.raw"], Uri(server));
        await overlay.ReadAsync(0, bytes, token);
        Assert.True(other.AsSpan().SequenceEqual(bytes));
        Assert.Null(server.FirstFault);
    }

    [Fact]
    public async Task Socket_IsForThisUserAloneAndGoneAfterwards()
    {
        (ManifestDisk disk, _) = await DiskAsync(1);
        string path;
        await using (NbdServer server = NbdServer.Start(new ReadOnlyBlockDevice(disk), folder["nbd"]))
        {
            path = server.SocketPath;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder["nbd"]));
        }

        Assert.False(File.Exists(path));
        Assert.Throws<ArgumentException>(() => NbdServer.Start(new ReadOnlyBlockDevice(disk), folder[new string('x', 100)]));
    }

    [Fact]
    public async Task Device_ThatFails_GivesErrnoAndTheCause()
    {
        byte[] bytes = TestBytes.Random(TestManifests.ChunkSize, 1);
        ChunkId root = await TestManifests.WriteAsync(store, [TestManifests.Stored(bytes)]);
        await using var disk = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(new MemoryImage([])));
        await using NbdServer server = NbdServer.Start(new ReadOnlyBlockDevice(disk), folder["nbd"]);
        using Socket client = await ConnectAsync(server);
        await ExportNameAsync(client);
        Assert.Equal(5u, await RequestAsync(client, 0, 0, 512));
        Assert.Equal(22u, await RequestAsync(client, 0, ulong.MaxValue - 5, 512));
        Assert.Equal(75u, await RequestAsync(client, 0, 0, uint.MaxValue));
        Assert.Equal(22u, await RequestAsync(client, 99, 0, 0));
        Assert.Equal(22u, await RequestAsync(client, 7, 0, 512));
        Assert.Equal(1u, await RequestAsync(client, 4, 0, 512));
        Assert.Equal(0u, await RequestAsync(client, 3, 0, 0));
        NbdFault fault = Assert.IsType<NbdFault>(server.FirstFault);
        Assert.Equal(ChunkStoreErrors.Missing, Assert.IsType<ChunkStoreException>(fault.Cause).Code);
    }

    [Fact]
    public async Task Clients_ThatSendGarbage_NeverDisturbOthers()
    {
        (ManifestDisk disk, byte[] bytes) = await DiskAsync(5);
        await using var overlay = new OverlayDisk(disk, folder.Path);
        await using NbdServer server = NbdServer.Start(overlay, folder["nbd"], new NbdServerOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(300) });
        var random = new Random(3);
        for (int round = 0; round < 300; round++)
        {
            using Socket client = await ConnectAsync(server);
            byte[] garbage = new byte[random.Next(1, 400)];
            random.NextBytes(garbage);
            if (round % 3 > 0)
            {
                BinaryPrimitives.WriteUInt32BigEndian(garbage.AsSpan(0, Math.Min(4, garbage.Length) == 4 ? 4 : 0), 3);
            }

            if (round % 3 == 2 && garbage.Length > 20)
            {
                BinaryPrimitives.WriteUInt64BigEndian(garbage.AsSpan(4), 0x49484156454f5054);
                BinaryPrimitives.WriteUInt32BigEndian(garbage.AsSpan(12), (uint)random.Next(12));
                BinaryPrimitives.WriteUInt32BigEndian(garbage.AsSpan(16), (uint)random.Next(garbage.Length));
            }

            await client.SendAsync(garbage, token);
        }

        using Socket slow = await ConnectAsync(server);
        byte[] header = new byte[18];
        Assert.Equal(18, await ReceiveAsync(slow, header));
        Assert.Equal(0, await ReceiveAsync(slow, new byte[1]));
        using Socket huge = await ConnectAsync(server);
        await ExportNameAsync(huge);
        await SendRequestAsync(huge, 1, 0, uint.MaxValue);
        Assert.Equal(0, await ReceiveAsync(huge, new byte[1]));
        using Socket good = await ConnectAsync(server);
        await ExportNameAsync(good);
        await SendRequestAsync(good, 0, 5, 1000);
        byte[] reply = new byte[1016];
        Assert.Equal(1016, await ReceiveAsync(good, reply));
        Assert.True(bytes.AsSpan(5, 1000).SequenceEqual(reply.AsSpan(16)));
        Assert.Null(server.FirstFault);
    }

    private static string Uri(NbdServer server) => $"nbd+unix:///?socket={server.SocketPath}";

    private async Task<(ManifestDisk Disk, byte[] Bytes)> DiskAsync(int seed, int chunks = 16)
    {
        (ChunkId root, byte[] bytes, MemoryImage image) = await TestManifests.MixedDiskAsync(store, seed, chunks, 512);
        return (new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(image)), bytes);
    }

    private async Task<Socket> ConnectAsync(NbdServer server)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(server.SocketPath), token);

            // Connections above the limit are closed at once: look whether this one is greeted.
            if (await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, token) == 1)
            {
                return socket;
            }

            socket.Dispose();
        }
    }

    private async Task ExportNameAsync(Socket client)
    {
        byte[] hello = new byte[4 + 16];
        BinaryPrimitives.WriteUInt32BigEndian(hello, 3);
        BinaryPrimitives.WriteUInt64BigEndian(hello.AsSpan(4), 0x49484156454f5054);
        BinaryPrimitives.WriteUInt32BigEndian(hello.AsSpan(12), 1);
        await client.SendAsync(hello, token);
        Assert.Equal(28, await ReceiveAsync(client, new byte[18 + 10]));
    }

    private async Task SendRequestAsync(Socket client, ushort type, ulong offset, uint length)
    {
        byte[] request = new byte[28];
        BinaryPrimitives.WriteUInt32BigEndian(request, 0x25609513);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(6), type);
        BinaryPrimitives.WriteUInt64BigEndian(request.AsSpan(16), offset);
        BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(24), length);
        await client.SendAsync(request, token);
    }

    private async Task<uint> RequestAsync(Socket client, ushort type, ulong offset, uint length)
    {
        await SendRequestAsync(client, type, offset, length);
        byte[] reply = new byte[16];
        Assert.Equal(16, await ReceiveAsync(client, reply));
        return BinaryPrimitives.ReadUInt32BigEndian(reply.AsSpan(4));
    }

    private async Task<int> ReceiveAsync(Socket client, byte[] buffer)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            int read = await client.ReceiveAsync(buffer.AsMemory(done), token);
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }
}
