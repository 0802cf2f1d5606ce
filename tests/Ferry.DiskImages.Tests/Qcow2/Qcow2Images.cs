using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Writing;
using Xunit;

namespace Ferry.DiskImages.Tests.Qcow2;

/// <summary>Disks for the QCOW2 tests, and the comparison with what QEMU reads.</summary>
internal static class Qcow2Images
{
    public const int KiB = 1 << 10;
    public const int MiB = 1 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A raw disk of random, compressible and zero runs with holes between, and something at both ends.</summary>
    public static async Task WriteRawAsync(string path, long capacity, Random random, int runs = 16)
    {
        await using var file = File.Create(path);
        file.SetLength(capacity);
        for (var i = 0; i < runs; i++)
        {
            var kind = Contents.Kinds[random.Next(Contents.Kinds.Length)];
            var bytes = Contents.Make(kind, (int)Math.Min(capacity, random.Next(1, random.Next(2) == 0 ? 3000 : 400_000)), random.Next());
            file.Position = i switch { 0 => 0, 1 => capacity - bytes.Length, _ => random.NextInt64(capacity - bytes.Length + 1) };
            await file.WriteAsync(bytes, Token);
        }
    }

    /// <summary>Changes an image as a virtual machine would: data, zeros, discards, compressed clusters, at any offset of 512 bytes.</summary>
    public static async Task ChangeByQemuAsync(string path, long capacity, Random random, int changes, string[]? options = null, bool compressed = false)
    {
        var commands = new List<string>();
        for (var i = 0; i < changes; i++)
        {
            var length = random.Next(1, random.Next(2) == 0 ? 16 : 600) * 512L;
            var offset = random.NextInt64((capacity - length) / 512) * 512;
            commands.Add("-c");
            commands.Add(random.Next(compressed ? 6 : 5) switch
            {
                0 => $"write -z {offset} {length}",
                1 => $"write -z -u {offset} {length}",
                2 => $"discard {offset} {length}",
                5 => $"write -c -P {random.Next(256)} {offset / (64 * KiB) * 64 * KiB} {64 * KiB}",
                _ => $"write -P {random.Next(256)} {offset} {length}",
            });
        }

        // A compressed cluster cannot take the place of another; that command fails alone.
        await Tool.TryRunAsync("qemu-io", [.. options ?? ["-f", "qcow2"], .. commands, path]);
    }

    /// <summary>The image must hold what QEMU reads, however it is read.</summary>
    public static async Task<IDiskImageReader> AssertSameAsQemuAsync(string path, Random random, DiskImageOpenOptions? options = null)
    {
        var raw = path + ".qemu";
        await Tool.RunAsync("qemu-img", "convert", "-f", "qcow2", "-O", "raw", path, raw);
        var reader = await Images.OpenAsync(path, options ?? new DiskImageOpenOptions());
        await using var expected = await Images.OpenAsync(raw, DiskImageFormat.Raw);
        await AssertSameAsync(expected, reader, random);
        return reader;
    }

    public static async Task AssertSameAsync(IDiskImageReader expected, IDiskImageReader reader, Random random)
    {
        Assert.Equal(expected.Capacity, reader.Capacity);
        Assert.Null((await ImageComparer.CompareAsync(expected, reader, cancellationToken: Token)).FirstDifference);
        await Images.CheckExtentsAsync(reader);

        // Small and large reads at any offset, at the same time.
        var reads = Enumerable.Range(0, 200).Select(_ => (Offset: random.NextInt64(reader.Capacity), Length: random.Next(random.Next(3) == 0 ? 3 * MiB : 5000))).ToArray();
        await Parallel.ForEachAsync(reads, Token, async (read, token) =>
        {
            var length = (int)Math.Min(read.Length, reader.Capacity - read.Offset);
            var (a, b) = (new byte[length], new byte[length]);
            await expected.ReadAsync(read.Offset, a, token);
            await reader.ReadAsync(read.Offset, b, token);
            Assert.True(a.AsSpan().SequenceEqual(b), $"Other bytes at {read.Offset}+{length}.");
        });
    }
}
