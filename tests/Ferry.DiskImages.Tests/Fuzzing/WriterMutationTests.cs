using System.Security.Cryptography;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Vhd;
using Ferry.DiskImages.Tests.Vhdx;
using Ferry.DiskImages.Tests.Writing;
using Ferry.DiskImages.Writing;
using Xunit;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>Images that Ferry wrote, or was writing, and that were damaged since: what reopens or continues them reads records, marks and tables that are not to be trusted either.</summary>
[Collection(FuzzCollection.Name)]
public sealed class WriterMutationTests : IDisposable
{
    private const int Rounds = 20;
    private const int MiB = 1 << 20;

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public Task Reopen_DamagedImage_NeverFailsInAnotherWay(DiskImageFormat format, DiskImageVariant variant) => ReopenAsync(format, variant, Rounds);

    [Theory]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public Task Continue_DamagedImage_NeverFailsInAnotherWay(DiskImageFormat format, DiskImageVariant variant) => ContinueAsync(format, variant, Rounds);

    [Theory]
    [Trait("Tier", "all")]
    [MemberData(nameof(WritableVariants.Planned), MemberType = typeof(WritableVariants))]
    public async Task ReopenAndContinue_DamagedImageInManyRounds_NeverFailInAnotherWay(DiskImageFormat format, DiskImageVariant variant)
    {
        await ReopenAsync(format, variant, Rounds * Fuzz.LongFactor);
        Directory.Delete(_folder.Path, recursive: true);
        Directory.CreateDirectory(_folder.Path);
        await ContinueAsync(format, variant, Rounds * Fuzz.LongFactor);
    }

    private async Task ReopenAsync(DiskImageFormat format, DiskImageVariant variant, int rounds)
    {
        var plan = Plan(format, variant);
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a"], plan, Token))
        {
            await WriteAsync(writer, plan.Allocated);
            await writer.CompleteAsync(new string('a', 64), Token);
        }

        var delta = new DiskImageDelta { Changed = [new DiskRange(MiB, 512), new DiskRange(3 * MiB, 70_000)], DeltaId = new Guid(1, 2, 3, new byte[8]) };

        // Half of the images are within a delta already.
        var complete = await LoadAsync();
        await (await DiskImage.ReopenAsync(_folder["a"], format, delta, Token)).DisposeAsync();
        var begun = await LoadAsync();
        await RunAsync(format, rounds, [complete, begun], async () => await DiskImage.ReopenAsync(_folder["a"], format, delta, Token), delta.Changed);
    }

    private async Task ContinueAsync(DiskImageFormat format, DiskImageVariant variant, int rounds)
    {
        var plan = Plan(format, variant);
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a"], plan, Token))
        {
            await WriteAsync(writer, plan.Allocated.Take(1));
        }

        await RunAsync(format, rounds, [await LoadAsync()], async () => await DiskImage.CreateOrContinueAsync(_folder["a"], plan, Token), plan.Allocated);
    }

    private async Task RunAsync(DiskImageFormat format, int rounds, List<Dictionary<string, byte[]>> images, Func<Task<IDiskImageWriter>> open, IReadOnlyList<DiskRange> ranges)
    {
        var mutations = images.SelectMany(files => files.Where(file => !file.Key.EndsWith("-flat.vmdk", StringComparison.Ordinal)).Select(file => (Files: files, file.Key, Mutation: Mutate(file.Value)))).ToArray();
        await Fuzz.RunAsync(
            rounds,
            random =>
            {
                var (files, name, mutation) = mutations[random.Next(mutations.Length)];
                var bytes = mutation.Apply(random);
                if (random.Next(4) > 0)
                {
                    Mend(format, bytes);
                }

                foreach (var (other, content) in files)
                {
                    File.WriteAllBytes(_folder[other], other == name ? bytes : content);
                }

                return bytes;
            },
            async (_, _) =>
            {
                try
                {
                    await using var writer = await open();
                    await WriteAsync(writer, ranges);
                    await writer.CompleteAsync(Token);
                }
                catch (DiskImageException e) when (e.Code is DiskImageErrors.Exists or DiskImageErrors.NoSpace)
                {
                    // The file is none that the plan began, or its tables lead where no file system has room.
                }
                catch (ArgumentException e) when (e is not ArgumentOutOfRangeException)
                {
                    // The delta does not fit the image, which says that it is another one now.
                }
            });
    }

    private static DiskImagePlan Plan(DiskImageFormat format, DiskImageVariant variant) => new()
    {
        Format = format, Variant = variant, Capacity = 4 * MiB, Allocated = [new DiskRange(0, 100_352), new DiskRange(2 * MiB, 70_144)], DiskId = new Guid(7, 7, 7, new byte[8]),
    };

    private static async Task WriteAsync(IDiskImageWriter writer, IEnumerable<DiskRange> ranges)
    {
        foreach (var range in ranges)
        {
            await writer.WriteAsync(range.Offset, Enumerable.Repeat((byte)7, (int)range.Length).ToArray(), Token);
        }
    }

    private async Task<Dictionary<string, byte[]>> LoadAsync()
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(_folder.Path))
        {
            files[Path.GetFileName(path)] = await File.ReadAllBytesAsync(path, Token);
        }

        return files;
    }

    private static Mutation Mutate(byte[] bytes) => new(bytes, [.. Records(bytes).Select(at => (at, ImageRecord.Size))]);

    private static IEnumerable<int> Records(byte[] bytes)
    {
        for (var at = 0; bytes.AsSpan(at).IndexOf("FERRYREC"u8) is >= 0 and var next; at += next + 8)
        {
            yield return at + next;
        }
    }

    /// <summary>Sets the checksums of records and headers.</summary>
    private static void Mend(DiskImageFormat format, byte[] bytes)
    {
        foreach (var at in Records(bytes).Where(at => at + ImageRecord.Size <= bytes.Length))
        {
            SHA256.HashData(bytes.AsSpan(at, 96), bytes.AsSpan(at + 96, 32));
        }

        if (format == DiskImageFormat.Vhd && bytes.Length >= 2048)
        {
            foreach (var at in new[] { 0, bytes.Length - 512 }.Where(at => bytes.AsSpan(at).StartsWith("conectix"u8)))
            {
                VhdBuilder.Seal(bytes.AsSpan(at, 512), 64);
            }

            if (bytes.AsSpan(512).StartsWith("cxsparse"u8))
            {
                VhdBuilder.Seal(bytes.AsSpan(512, 1024), 36);
            }
        }

        foreach (var (at, size) in new[] { (64 << 10, 4096), (128 << 10, 4096), (192 << 10, 65536), (256 << 10, 65536) })
        {
            if (format == DiskImageFormat.Vhdx && bytes.Length >= at + size)
            {
                VhdxFileBuilder.Sum(bytes.AsSpan(at, size), 4);
            }
        }
    }
}
