using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>The images that are damaged, by name: of every parser of image formats, and every variant of each.</summary>
internal static class ImageSeeds
{
    private static readonly (string Format, string Options, string[] Flags)[] OfQemu =
    [
        ("vmdk", "subformat=monolithicSparse", []),
        ("vmdk", "subformat=streamOptimized", []),
        ("vmdk", "subformat=twoGbMaxExtentSparse", []),
        ("vmdk", "subformat=twoGbMaxExtentFlat", []),
        ("vhdx", "subformat=dynamic", []),
        ("vhdx", "subformat=fixed", []),
        ("vpc", "subformat=dynamic", []),
        ("vpc", "subformat=fixed", []),
        ("vdi", "static=on", []),
        ("qcow2", "compat=0.10", []),
        ("qcow2", "compression_type=zlib", ["-c"]),
        ("qcow2", "compression_type=zstd,cluster_size=4k", ["-c"]),
        ("qcow2", "cluster_size=512,refcount_bits=1", []),
        ("qcow2", "extended_l2=on,cluster_size=16k", []),
        ("qcow2", "data_file=d.bin,data_file_raw=on", []),
    ];

    private static readonly string[] OfOthers =
    [
        "log2timeline-dfvfs/ext2.vmdk.gz",
        "strozfriedberg-vmdk-rs/streamOptimized.vmdk",
        "strozfriedberg-vmdk-rs/monolithicSparse.vmdk.gz",
        "qemu-qemu/sample_images/iotest-version3.vmdk.bz2",
        "fox-it-dissect.hypervisor/vhdx/dynamic.vhdx.gz",
        "fox-it-dissect.hypervisor/vhd/fixed.vhd.gz",
        "LTRData-DiscUtils/vhdx-log-replay.vhdx.gz",
        "log2timeline-dfvfs/ext2.qcow2.gz",
        "qemu-qemu/uefi-boot-images/bios-tables-test.x86_64.iso.qcow2",
        "davidepianca98-hoho-os/hdd.vdi.gz",
    ];

    private static readonly Dictionary<string, Func<TestFolder, Task<FuzzImage>>> All = Collect();

    /// <summary>The names of all.</summary>
    public static TheoryData<string> Names() => [.. All.Keys];

    /// <summary>Makes one; skips the test where a program or sample is not there.</summary>
    public static Task<FuzzImage> MakeAsync(string name, TestFolder folder) => All[name](folder);

    private static Dictionary<string, Func<TestFolder, Task<FuzzImage>>> Collect()
    {
        var all = new Dictionary<string, Func<TestFolder, Task<FuzzImage>>>(StringComparer.Ordinal);
        foreach (var (name, image) in HandmadeSeeds.All)
        {
            all.Add($"handmade {name}", folder => Task.FromResult(image(folder)));
        }

        foreach (var (format, variant) in Enum.GetValues<DiskImageFormat>().SelectMany(f => DiskImageVariants.Of(f).Select(v => (f, v))).Where(v => v.f != DiskImageFormat.Raw))
        {
            all.Add($"Ferry {format} {variant}", folder => ConvertAsync(folder, format, variant));
        }

        foreach (var (format, options, flags) in OfQemu)
        {
            all.Add($"qemu-img {format} {options}", folder => ConvertByQemuAsync(folder, format, options, flags));
        }

        foreach (var sample in OfOthers)
        {
            all.Add($"sample {sample}", async folder => await FuzzImage.LoadAsync(await Samples.UnpackAsync(sample, folder.Path)));
        }

        return all;
    }

    private static async Task<FuzzImage> ConvertAsync(TestFolder folder, DiskImageFormat format, DiskImageVariant variant)
    {
        using var raw = new TestFolder();
        await using var disk = await OpenContentAsync(raw);
        await ImageConverter.ConvertAsync(
            disk, folder["a.img"], format, new ImageConvertOptions { Variant = variant, Durable = false }, cancellationToken: TestContext.Current.CancellationToken);
        return await FuzzImage.LoadAsync(folder["a.img"]);
    }

    private static async Task<FuzzImage> ConvertByQemuAsync(TestFolder folder, string format, string options, string[] flags)
    {
        Tool.Require("qemu-img");
        using var raw = new TestFolder();
        await (await OpenContentAsync(raw)).DisposeAsync();
        await Tool.RunInAsync(folder.Path, "qemu-img", ["convert", "-f", "raw", "-O", format, .. flags, "-o", options, raw["a.raw"], "a.img"]);
        return await FuzzImage.LoadAsync(folder["a.img"]);
    }

    /// <summary>3 MiB: zeros, random bytes, and what can be compressed.</summary>
    private static async Task<IDiskImageReader> OpenContentAsync(TestFolder folder)
    {
        var bytes = new byte[3 << 20];
        new Random(5).NextBytes(bytes.AsSpan(1 << 20, 300_000));
        Contents.Make("mixed", 1 << 20, 3).CopyTo(bytes, 2 << 20);
        await File.WriteAllBytesAsync(folder["a.raw"], bytes, TestContext.Current.CancellationToken);
        return await Images.OpenAsync(folder["a.raw"], DiskImageFormat.Raw);
    }
}
