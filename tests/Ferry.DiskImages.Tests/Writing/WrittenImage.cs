using System.Globalization;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Writing;

/// <summary>An image in a folder of its own, and what can be done to it and asked of it whatever its format.</summary>
internal sealed class WrittenImage
{
    private const int NoChecksForFormat = 63;

    private readonly DiskImageFormat _format;
    private readonly string _raw;

    public WrittenImage(TestFolder folder, string name, DiskImageFormat format)
    {
        _format = format;
        Folder = Directory.CreateDirectory(folder[name]).FullName;
        Path = System.IO.Path.Combine(Folder, "disk.img");
        _raw = folder[name + ".expected"];
    }

    public string Folder { get; }

    public string Path { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<IDiskImageReader> OpenAsync() => Images.OpenAsync(Path, _format == DiskImageFormat.Raw ? DiskImageFormat.Raw : null);

    /// <summary>Creates the image with several writers at once, or goes on with it.</summary>
    public Task WriteAsync(DiskImagePlan plan, IReadOnlyList<Piece> pieces, int writers = 1, string? contentId = null, bool complete = true) =>
        RunAsync(async () => await DiskImage.CreateOrContinueAsync(Path, plan, Token), pieces, writers, contentId, complete);

    /// <summary>Applies a delta with several writers at once, or goes on with it.</summary>
    public Task ReopenAsync(DiskImageDelta delta, IReadOnlyList<Piece> pieces, int writers = 1, string? contentId = null, bool complete = true) =>
        RunAsync(async () => await DiskImage.ReopenAsync(Path, _format, delta, Token), pieces, writers, contentId, complete);

    /// <summary>The image says that it is incomplete, and other programs do not take it for one.</summary>
    public async Task AssertIncompleteAsync()
    {
        await Images.FailsAsync(DiskImageErrors.Incomplete, OpenAsync);
        if (_format != DiskImageFormat.Raw)
        {
            Tool.Require("qemu-img");
            var (_, output) = await Tool.TryRunAsync("qemu-img", "info", Path);
            Assert.DoesNotContain($"file format: {WritableVariants.QemuName(_format)}", output, StringComparison.Ordinal);
        }
    }

    /// <summary>Reader and QEMU find the expected content; what the image has beyond it is zero.</summary>
    public async Task AssertHoldsAsync(byte[] expected, bool mayBeLarger = false)
    {
        await using (var reader = await OpenAsync())
        {
            Assert.True(mayBeLarger ? reader.Capacity >= expected.Length : reader.Capacity == expected.Length, $"The disk has {reader.Capacity} bytes, {expected.Length} were planned.");
            Assert.Equal(_format, reader.Info.Format);
            await AssertReadsAsync(reader, expected);
            await Images.CheckExtentsAsync(reader);
        }

        await File.WriteAllBytesAsync(_raw, expected, Token);
        await CheckAsync();
        await Tool.RunAsync("qemu-img", "compare", "-f", WritableVariants.QemuName(_format), "-F", "raw", Path, _raw);
    }

    /// <summary>QEMU finds no error, and that each piece is filled with its first byte.</summary>
    public async Task AssertPatternsAsync(IEnumerable<Piece> pieces)
    {
        Tool.Require("qemu-io");
        await CheckAsync();
        var commands = pieces.SelectMany(p => new[] { "-c", string.Create(CultureInfo.InvariantCulture, $"read -P {p.Bytes[0]} {p.Offset} {p.Bytes.Length}") });
        var output = await Tool.RunAsync("qemu-io", ["-r", "-f", WritableVariants.QemuName(_format), .. commands, Path]);
        Assert.DoesNotContain("failed", output, StringComparison.Ordinal);
        Assert.Equal(pieces.Count(), output.Split("read ").Length - 1);
    }

    /// <summary>The bytes of all files of the image, by name.</summary>
    public async Task<SortedDictionary<string, byte[]>> FilesAsync()
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(Folder))
        {
            files.Add(System.IO.Path.GetFileName(path), await File.ReadAllBytesAsync(path, Token));
        }

        return files;
    }

    /// <summary>Replaces the image by the given files.</summary>
    public async Task RestoreAsync(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        Directory.Delete(Folder, recursive: true);
        Directory.CreateDirectory(Folder);
        foreach (var (name, bytes) in files)
        {
            await File.WriteAllBytesAsync(System.IO.Path.Combine(Folder, name), bytes, Token);
        }
    }

    public static void AssertSame(SortedDictionary<string, byte[]> expected, SortedDictionary<string, byte[]> actual, string when = "")
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, bytes) in expected)
        {
            var same = bytes.AsSpan().CommonPrefixLength(actual[name]);
            Assert.True(
                same == bytes.Length && same == actual[name].Length,
                string.Create(CultureInfo.InvariantCulture, $"{name} differs at byte {same} of {bytes.Length} and {actual[name].Length} {when}"));
        }
    }

    private async Task CheckAsync()
    {
        Tool.Require("qemu-img");
        var (code, output) = await Tool.TryRunAsync("qemu-img", "check", "-f", WritableVariants.QemuName(_format), Path);
        Assert.True(code is 0 or NoChecksForFormat, output);
    }

    private static async Task AssertReadsAsync(IDiskImageReader reader, byte[] expected)
    {
        var actual = new byte[reader.Capacity];
        var piece = (actual.Length / 7) + 1;
        await Parallel.ForAsync(0, 7, Token, async (i, token) =>
        {
            var offset = Math.Min(actual.Length, i * piece);
            await reader.ReadAsync(offset, actual.AsMemory(offset, Math.Min(piece, actual.Length - offset)), token);
        });
        var same = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(same == expected.Length, $"The content differs at byte {same}.");
        Assert.Equal(-1, actual.AsSpan(expected.Length).IndexOfAnyExcept((byte)0));
    }

    private static async Task RunAsync(Func<Task<IDiskImageWriter>> open, IReadOnlyList<Piece> pieces, int writers, string? contentId, bool complete)
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => writers == 1 ? open() : Task.Run(open, Token)));
        try
        {
            await EachAsync(opened, async (writer, i) =>
            {
                for (var at = i; at < pieces.Count; at += writers)
                {
                    await writer.WriteAsync(pieces[at].Offset, pieces[at].Bytes, Token);
                }

                await writer.FlushAsync(Token);
            });
            if (complete)
            {
                await EachAsync(opened, async (writer, _) => await (contentId is null ? writer.CompleteAsync(Token) : writer.CompleteAsync(contentId, Token)));
                await opened[0].CompleteAsync(Token);
            }
        }
        finally
        {
            foreach (var writer in opened)
            {
                await writer.DisposeAsync();
            }
        }
    }

    private static Task EachAsync(IDiskImageWriter[] writers, Func<IDiskImageWriter, int, Task> work) =>
        writers.Length == 1 ? work(writers[0], 0) : Task.WhenAll(writers.Select((writer, i) => Task.Run(() => work(writer, i), Token)));
}
