using System.Buffers.Binary;
using System.Diagnostics;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhd;

/// <summary>Images that lie: one documented exception, in bounded time and memory.</summary>
public sealed class VhdHostileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Lies()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, (_, code)) in Cases)
        {
            data.Add(name, code);
        }

        return data;
    }

    private static readonly VhdBuilder Plain = new() { Content = [.. Enumerable.Repeat((byte)7, 40960)] };

    private static readonly Dictionary<string, (VhdBuilder Image, string Code)> Cases = new()
    {
        ["table of 2^32 entries"] = (Plain with { Header = h => Put32(h, 28, uint.MaxValue) }, DiskImageErrors.Corrupt),
        ["table of 2^30 entries"] = (Plain with { Header = h => Put32(h, 28, 0x40000001) }, DiskImageErrors.Corrupt),
        ["table too small"] = (Plain with { Header = h => Put32(h, 28, 9) }, DiskImageErrors.Corrupt),
        ["no table"] = (Plain with { Header = h => Put32(h, 28, 0) }, DiskImageErrors.Corrupt),
        ["table behind the end"] = (Plain with { Header = h => Put64(h, 16, 1 << 20) }, DiskImageErrors.Truncated),
        ["table at 2^63"] = (Plain with { Header = h => Put64(h, 16, 1UL << 63) }, DiskImageErrors.Corrupt),
        ["table at 2^63 - 512"] = (Plain with { Header = h => Put64(h, 16, (1UL << 63) - 512) }, DiskImageErrors.Truncated),
        ["table between sectors"] = (Plain with { Header = h => Put64(h, 16, 0x602) }, DiskImageErrors.Corrupt),
        ["block of no bytes"] = (Plain with { Header = h => Put32(h, 32, 0) }, DiskImageErrors.Corrupt),
        ["block of 256 bytes"] = (Plain with { Header = h => Put32(h, 32, 256) }, DiskImageErrors.Corrupt),
        ["block of 3 sectors"] = (Plain with { Header = h => Put32(h, 32, 1536) }, DiskImageErrors.Corrupt),
        ["header of version 2"] = (Plain with { Header = h => Put32(h, 24, 0x20000) }, DiskImageErrors.UnsupportedVariant),
        ["header without signature"] = (Plain with { Header = h => h[0] = 0 }, DiskImageErrors.Corrupt),
        ["header with wrong checksum"] = (Plain with { File = f => f[512 + 700] ^= 1 }, DiskImageErrors.Corrupt),
        ["header behind the end"] = (Plain with { Footer = f => Put64(f, 16, 1 << 20) }, DiskImageErrors.Truncated),
        ["header at 2^64 - 1"] = (Plain with { Footer = f => Put64(f, 16, ulong.MaxValue) }, DiskImageErrors.Corrupt),
        ["footer of version 2"] = (Plain with { Footer = f => Put32(f, 12, 0x20000) }, DiskImageErrors.UnsupportedVariant),
        ["type 0"] = (Plain with { Type = 0 }, DiskImageErrors.UnsupportedVariant),
        ["type 6"] = (Plain with { Type = 6 }, DiskImageErrors.UnsupportedVariant),
        ["disk of no bytes"] = (Plain with { CurrentSize = 0 }, DiskImageErrors.Corrupt),
        ["disk of 2^64 - 512 bytes"] = (Plain with { CurrentSize = -512 }, DiskImageErrors.Corrupt),
        ["disk of 2^62 bytes"] = (Plain with { CurrentSize = 1L << 62 }, DiskImageErrors.Corrupt),
        ["fixed disk longer than the file"] = (Plain with { Type = 2, CurrentSize = 41472 }, DiskImageErrors.Truncated),
        ["fixed disk of 2^62 bytes"] = (Plain with { Type = 2, CurrentSize = 1L << 62 }, DiskImageErrors.Truncated),
        ["fixed disk with a damaged footer"] = (Plain with { Type = 2, File = f => f[^1] ^= 1 }, DiskImageErrors.Corrupt),
        ["block in the footer"] = (Plain with { File = f => Put32(f, 0x600, 0) }, DiskImageErrors.Corrupt),
        ["block in the header"] = (Plain with { File = f => Put32(f, 0x600, 2) }, DiskImageErrors.Corrupt),
        ["block in the table"] = (Plain with { File = f => Put32(f, 0x600, 3) }, DiskImageErrors.Corrupt),
        ["block behind the end"] = (Plain with { File = f => Put32(f, 0x600, 0xfffffffe) }, DiskImageErrors.Truncated),
        ["locator of 2^32 bytes"] = (Differencing("W2ru", uint.MaxValue, 1024), DiskImageErrors.Corrupt),
        ["locator behind the end"] = (Differencing("W2ru", 100, 1 << 20), DiskImageErrors.Truncated),
        ["locator at 2^64 - 1"] = (Differencing("W2ku", 100, ulong.MaxValue), DiskImageErrors.Corrupt),
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task OpenAndReadAll_Lie_IsToldInTime(string name, string code)
    {
        var path = await WriteAsync(Cases[name].Image.Build());
        var started = Stopwatch.GetTimestamp();
        var memory = GC.GetTotalAllocatedBytes();

        await Images.FailsAsync(code, () => ReadAllAsync(path));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(GC.GetTotalAllocatedBytes() - memory, 0, 64 << 20);
    }

    [Fact]
    public async Task Open_FixedDiskWhoseGuestWroteAnImageIntoIt_IsNotReadAsThatImage()
    {
        // What a guest writes to the beginning of its disk: a differencing image that names a file of the host's, a QCOW2 header, a VHDX.
        await WriteAsync(Plain.Build(), "secret.vhd");
        var inner = (Plain with { Type = 4, ParentId = Plain.Id, Locators = [("W2ru", @".\secret.vhd")], Own = _ => false }).Build();
        foreach (var start in new[] { inner, [.. "QFI\xfb\0\0\0\x03"u8], [.. "vhdxfile"u8] })
        {
            var content = new byte[128 << 10];
            start.CopyTo(content, 0);
            var path = await WriteAsync((Plain with { Type = 2, Content = content }).Build());

            IDiskImageReader reader;
            try
            {
                reader = await Images.OpenAsync(path);
            }
            catch (DiskImageException e)
            {
                Assert.Equal(DiskImageErrors.UnsupportedVariant, e.Code);
                Assert.Contains("fixed VHD", e.Message, StringComparison.Ordinal);
                reader = await Images.OpenAsync(path, DiskImageFormat.Vhd);
            }

            await using (reader)
            {
                Assert.Equal("fixed", reader.Info.Variant);
                var read = new byte[content.Length];
                await reader.ReadAsync(0, read, Token);
                Assert.Equal(content, read);
            }
        }
    }

    private static VhdBuilder Differencing(string code, uint length, ulong offset) => Plain with
    {
        Type = 4,
        Header = h =>
        {
            System.Text.Encoding.ASCII.GetBytes(code, h.AsSpan(576));
            Put32(h, 576 + 8, length);
            Put64(h, 576 + 16, offset);
        },
    };

    private static void Put32(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(offset), value);

    private static void Put64(byte[] bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(offset), value);

    private static async Task ReadAllAsync(string path)
    {
        await using var reader = await Images.OpenAsync(path);
        var buffer = new byte[1 << 20];
        var reads = 0;
        await foreach (var extent in reader.GetExtentsAsync(0, reader.Capacity, Token))
        {
            if (reads++ < 64)
            {
                await reader.ReadAsync(extent.Offset, buffer.AsMemory(0, (int)Math.Min(buffer.Length, extent.Length)), Token);
            }
        }
    }

    private async Task<string> WriteAsync(byte[] bytes, string name = "a.vhd")
    {
        await File.WriteAllBytesAsync(_folder[name], bytes, Token);
        return _folder[name];
    }
}
