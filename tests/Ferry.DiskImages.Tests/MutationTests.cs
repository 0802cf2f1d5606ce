using System.Diagnostics;
using Ferry.DiskImages.Ova;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Vhdx;
using Xunit;

namespace Ferry.DiskImages.Tests;

/// <summary>Damaged images give a result or a DiskImageException, in bounded time and memory.</summary>
public sealed class MutationTests : IDisposable
{
    private const int Rounds = 60;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("log2timeline-dfvfs/ext2.vmdk.gz")]
    [InlineData("strozfriedberg-vmdk-rs/streamOptimized.vmdk")]
    [InlineData("strozfriedberg-vmdk-rs/monolithicSparse.vmdk.gz")]
    [InlineData("qemu-qemu/sample_images/iotest-version3.vmdk.bz2")]
    [InlineData("fox-it-dissect.hypervisor/vhdx/dynamic.vhdx.gz")]
    [InlineData("fox-it-dissect.hypervisor/vhd/fixed.vhd.gz")]
    [InlineData("log2timeline-dfvfs/fat-differential.vhd.gz")]
    [InlineData("LTRData-DiscUtils/vhdx-log-replay.vhdx.gz")]
    [InlineData("log2timeline-dfvfs/ext2.qcow2.gz")]
    [InlineData("qemu-qemu/uefi-boot-images/bios-tables-test.x86_64.iso.qcow2")]
    public async Task Open_DamagedSample_NeverFailsInAnotherWay(string sample) => await MutateAsync(await Samples.UnpackAsync(sample, _folder.Path));

    [Theory]
    [InlineData("vmdk", "monolithicSparse")]
    [InlineData("vmdk", "streamOptimized")]
    [InlineData("vhdx", "dynamic")]
    [InlineData("vhdx", "fixed")]
    [InlineData("vpc", "dynamic")]
    [InlineData("vpc", "fixed")]
    public async Task Open_DamagedImageOfQemu_NeverFailsInAnotherWay(string format, string subformat)
    {
        Tool.Require("qemu-img");
        var bytes = new byte[3 << 20];
        new Random(5).NextBytes(bytes.AsSpan(1 << 20, 300_000));
        await File.WriteAllBytesAsync(_folder["a.raw"], bytes, Token);
        await Tool.RunAsync("qemu-img", "convert", "-f", "raw", "-O", format, "-o", $"subformat={subformat}", _folder["a.raw"], _folder["a.img"]);

        await MutateAsync(_folder["a.img"]);
    }

    [Theory]
    [InlineData("compat=0.10")]
    [InlineData("compression_type=zlib", "-c")]
    [InlineData("compression_type=zstd,cluster_size=4k", "-c")]
    [InlineData("cluster_size=512")]
    [InlineData("extended_l2=on,cluster_size=16k")]
    [InlineData("data_file=d.bin,data_file_raw=on")]
    public async Task Open_DamagedQcow2OfQemu_NeverFailsInAnotherWay(string options, params string[] flags)
    {
        Tool.Require("qemu-img");
        var bytes = new byte[3 << 20];
        new Random(5).NextBytes(bytes.AsSpan(1 << 20, 300_000));
        Contents.Make("mixed", 1 << 20, 3).CopyTo(bytes, 2 << 20);
        await File.WriteAllBytesAsync(_folder["a.raw"], bytes, Token);
        await Tool.RunInAsync(_folder.Path, "qemu-img", ["convert", "-f", "raw", "-O", "qcow2", .. flags, "-o", options, "a.raw", "a.img"]);

        await MutateAsync(_folder["a.img"]);
    }

    [Theory]
    [MemberData(nameof(Writing.WritableVariants.All), MemberType = typeof(Writing.WritableVariants))]
    public async Task Open_DamagedImageOfFerry_NeverFailsInAnotherWay(DiskImageFormat format, DiskImageVariant variant)
    {
        if (format == DiskImageFormat.Raw)
        {
            return;
        }

        var bytes = new byte[3 << 20];
        Contents.Make("mixed", 1 << 20, 3).CopyTo(bytes, 1 << 20);
        await File.WriteAllBytesAsync(_folder["a.raw"], bytes, Token);
        await using (var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw))
        {
            await ImageConverter.ConvertAsync(raw, _folder["a.img"], format, new ImageConvertOptions { Variant = variant, Durable = false }, cancellationToken: Token);
        }

        await MutateAsync(_folder["a.img"]);
    }

    [Fact]
    public async Task Open_DamagedVdi_NeverFailsInAnotherWay()
    {
        await File.WriteAllBytesAsync(_folder["a.vdi"], new Vdi.VdiFileBuilder { BlockExtra = 512 }.Build(), Token);
        await MutateAsync(_folder["a.vdi"]);
        await MutateAsync(await Samples.UnpackAsync("davidepianca98-hoho-os/hdd.vdi.gz", _folder.Path));
    }

    [Theory]
    [InlineData("VMFSSPARSE")]
    [InlineData("SESPARSE")]
    [InlineData("SPARSE")]
    public async Task Open_DamagedDeltaExtent_NeverFailsInAnotherWay(string kind)
    {
        var grain = Enumerable.Repeat((byte)9, kind == "VMFSSPARSE" ? 512 : kind == "SESPARSE" ? 4096 : 65536).ToArray();
        await File.WriteAllBytesAsync(_folder["base.bin"], Enumerable.Repeat((byte)5, 8000 * 512).ToArray(), Token);
        await File.WriteAllTextAsync(_folder["base.vmdk"], Vmdk.VmdkText.Descriptor("vmfs", "RW 8000 VMFS \"base.bin\"", "7"), Token);
        await File.WriteAllBytesAsync(
            _folder["delta.bin"],
            kind switch
            {
                "VMFSSPARSE" => new Vmdk.CowdFileBuilder(8000, 1).Set(1, grain).Set(5000, grain).Build(new Random(1)),
                "SESPARSE" => new Vmdk.SeSparseFileBuilder(8000).Set(1, grain).Set(900, 0x2000_0000_0000_0000).Build(new Random(1)),
                _ => new Vmdk.HostedFileBuilder(8000) { Redundant = true, Compressed = true, Markers = true }.Set(1, grain).Set(20, grain).Build(),
            },
            Token);
        await File.WriteAllTextAsync(_folder["a.vmdk"], Vmdk.VmdkText.Descriptor("custom", $"RW 8000 {kind} \"delta.bin\"", "8", "7", "base.vmdk"), Token);

        await MutateAsync(_folder["delta.bin"], image: _folder["a.vmdk"]);
        await MutateAsync(_folder["a.vmdk"], image: _folder["a.vmdk"]);
    }

    [Fact]
    public async Task Open_DamagedDifferencingVhdx_NeverFailsInAnotherWay()
    {
        const int MiB = 1 << 20;
        var parent = new VhdxFileBuilder { Capacity = 3 * MiB };
        parent.Block(0, 6, parent.PayloadOffset);
        parent.Save(_folder["base.vhdx"], parent.PayloadOffset + MiB);
        var child = new VhdxFileBuilder
        {
            Capacity = 4 * MiB,
            Parent = new Dictionary<string, string> { ["parent_linkage"] = parent.DataWriteId.ToString("B"), ["relative_path"] = @".\base.vhdx" },
        };
        child.Bitmap(0, 6, child.PayloadOffset);
        child.Write(child.PayloadOffset, [0xf0, 0x0f, 0xff]);
        child.Block(1, 7, child.PayloadOffset + MiB);
        child.Block(2, 2);
        child.Save(_folder["a.vhdx"], child.PayloadOffset + (2 * MiB));

        await MutateAsync(_folder["a.vhdx"], MetadataOrTable);

        // Metadata and table have no checksum: what is changed there is believed.
        static int MetadataOrTable(Random random) => random.Next(3) switch { 0 => (2 * MiB) + random.Next(300), 1 => (2 * MiB) + 65536 + random.Next(500), _ => (3 * MiB) + random.Next(64) };
    }

    [Fact]
    public async Task Open_DamagedVhdxLog_NeverFailsInAnotherWay()
    {
        const int MiB = 1 << 20;
        var image = new VhdxFileBuilder { Capacity = 4 * MiB, LogId = Guid.NewGuid() };
        var log = new VhdxLogBuilder(image.LogId);
        var length = image.PayloadOffset + (4 * MiB);
        var next = log.Entry(250 * 4096, 5, 250 * 4096, length, length, (image.PayloadOffset, new byte[4096], 0), (image.PayloadOffset, null, 8192), (3 * MiB, new byte[4096], 0));
        log.Entry(next, 6, 250 * 4096, length, length + MiB, (image.PayloadOffset + 4096, null, 1 << 30));
        image.Write(VhdxFileBuilder.LogOffset, log.Ring);
        image.Save(_folder["a.vhdx"], length);

        await MutateAsync(_folder["a.vhdx"], random => MiB + (random.Next(2) == 0 ? 250 * 4096 : 0) + random.Next(9000), bytes =>
        {
            // With sums that are right again the damage is believed.
            foreach (var entry in new[] { 250 * 4096, next })
            {
                var header = bytes.AsSpan(MiB + entry);
                var size = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
                if (size > 64 && size <= MiB - entry)
                {
                    VhdxFileBuilder.Sum(header[..size], 4);
                }
            }
        });
    }

    [Fact]
    public async Task Open_DamagedDescriptor_NeverFailsInAnotherWay()
    {
        await File.WriteAllTextAsync(
            _folder["a.vmdk"],
            "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\nRW 2 FLAT \"b.bin\" 0\nRW 3 ZERO\nRW 2 SPARSE \"c.vmdk\"\n",
            Token);
        await File.WriteAllBytesAsync(_folder["b.bin"], new byte[1024], Token);

        await MutateAsync(_folder["a.vmdk"]);
    }

    [Fact]
    public async Task Open_DamagedOva_NeverFailsInAnotherWay()
    {
        await File.WriteAllBytesAsync(_folder["b.bin"], new byte[1700], Token);
        await Tool.RunAsync("tar", "--format=pax", "-C", _folder.Path, "-cf", _folder["a.ova"], "b.bin");
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var original = await File.ReadAllBytesAsync(_folder["a.ova"], Token);
        for (var round = 0; round < Rounds * 4; round++)
        {
            await File.WriteAllBytesAsync(_folder["m.ova"], Damage(original, random, 2048), Token);
            try
            {
                await using var files = await OvaImageFiles.OpenArchiveAsync(_folder["m.ova"], Token);
            }
            catch (DiskImageException)
            {
                continue;
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}, round {round}: {e}");
            }
        }
    }

    private static byte[] Damage(byte[] original, Random random, int headerBytes) => Damage(
        random.Next(6) == 0 ? original[..random.Next(original.Length)] : (byte[])original.Clone(),
        random,

        // Most changes in the headers, where they do more.
        (r, length) => r.Next(r.Next(4) == 0 ? length : Math.Min(length, headerBytes)));

    private static byte[] Damage(byte[] bytes, Random random, Func<Random, int, int> place)
    {
        var changes = random.Next(1, 6);
        for (var i = 0; i < changes && bytes.Length > 0; i++)
        {
            var at = place(random, bytes.Length);
            bytes[at] = random.Next(3) switch { 0 => 0xff, 1 => (byte)random.Next(256), _ => (byte)(bytes[at] ^ (1 << random.Next(8))) };
        }

        return bytes;
    }

    /// <param name="path">The image, beside which its parents are.</param>
    /// <param name="place">Where to damage it; null: anywhere, mostly in the headers.</param>
    /// <param name="mend">Makes the damage believed.</param>
    /// <param name="image">The image that the file belongs to, when it is not the image itself; the file is damaged where it stands.</param>
    private async Task MutateAsync(string path, Func<Random, int>? place = null, Action<byte[]>? mend = null, string? image = null)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var original = await File.ReadAllBytesAsync(path, Token);
        var mutant = image is null ? _folder["mutant"] : path;
        for (var round = 0; round < Rounds; round++)
        {
            var damaged = place is null
                ? Damage(original, random, round % 2 == 0 ? 1024 : 400_000)
                : Damage((byte[])original.Clone(), random, (r, _) => place(r));
            mend?.Invoke(damaged);
            await File.WriteAllBytesAsync(mutant, damaged, Token);
            var started = Stopwatch.GetTimestamp();
            try
            {
                await ReadAllAsync(image ?? mutant);
            }
            catch (DiskImageException)
            {
                // The documented outcome for an image that cannot be read.
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}, round {round}: {e}");
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"Seed {seed}, round {round} took too long.");
        }

        await File.WriteAllBytesAsync(path, original, Token);
    }

    /// <summary>All extents, and the first data of many of them: a claimed size may be far more than can be read.</summary>
    private static async Task ReadAllAsync(string path)
    {
        await using var files = new LocalImageFiles(Path.GetDirectoryName(path)!);
        await using var reader = await DiskImage.OpenAsync(files, Path.GetFileName(path), cancellationToken: Token);

        // An image that is damaged is a result here, whatever is wrong with it.
        await ImageChecker.CheckAsync(reader, cancellationToken: Token);
        var buffer = new byte[1 << 20];
        var reads = 0;
        await foreach (var extent in reader.GetExtentsAsync(0, reader.Capacity, Token))
        {
            if (extent.Kind == ExtentKind.Data && reads++ < 64)
            {
                await reader.ReadAsync(extent.Offset, buffer.AsMemory(0, (int)Math.Min(buffer.Length, extent.Length)), Token);
            }
        }
    }
}
