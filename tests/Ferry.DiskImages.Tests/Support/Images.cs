using System.Security.Cryptography;
using Ferry.DiskImages.Sources;
using Xunit;

namespace Ferry.DiskImages.Tests.Support;

internal static class Images
{
    public static async Task<IDiskImageReader> OpenAsync(string path, DiskImageFormat? format = null)
    {
        await using var files = LocalImageFiles.ForImage(path, out var name);
        return await DiskImage.OpenAsync(files, name, format, TestContext.Current.CancellationToken);
    }

    public static async Task<IDiskImageReader> OpenAsync(string path, DiskImageOpenOptions options)
    {
        await using var files = LocalImageFiles.ForImage(path, out var name);
        return await DiskImage.OpenAsync(files, name, options, TestContext.Current.CancellationToken);
    }

    /// <summary>SHA-256 of the raw content, read in pieces of an odd size through ReadAsync alone.</summary>
    public static async Task<string> HashAsync(IDiskImageReader reader, int piece = 1_048_576)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[piece];
        for (long offset = 0; offset < reader.Capacity; offset += piece)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(piece, reader.Capacity - offset));
            await reader.ReadAsync(offset, part, TestContext.Current.CancellationToken);
            hash.AppendData(part.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Checks that extents are gapless and ascending, that neighbours differ, and that what is not data reads as zero.</summary>
    public static async Task CheckExtentsAsync(IDiskImageReader reader)
    {
        long position = 0;
        ExtentKind? last = null;
        var buffer = new byte[65536];
        await foreach (var extent in reader.GetExtentsAsync(0, reader.Capacity, TestContext.Current.CancellationToken))
        {
            Assert.Equal(position, extent.Offset);
            Assert.True(extent.Length > 0);
            Assert.NotEqual(last, extent.Kind);
            last = extent.Kind;
            position = extent.End;
            if (extent.Kind != ExtentKind.Data)
            {
                foreach (var offset in new[] { extent.Offset, extent.End - Math.Min(buffer.Length, extent.Length) })
                {
                    var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, extent.Length));
                    await reader.ReadAsync(offset, part, TestContext.Current.CancellationToken);
                    Assert.Equal(-1, part.Span.IndexOfAnyExcept((byte)0));
                }
            }
        }

        Assert.Equal(reader.Capacity, position);
    }

    /// <summary>The action fails with the code, and with the exception that stands for such codes.</summary>
    public static async Task<DiskImageException> FailsAsync(string code, Func<Task> action)
    {
        var e = await Assert.ThrowsAnyAsync<DiskImageException>(action);
        Assert.Equal(code, e.Code);
        Assert.IsType(DiskImageException.Create(code, "").GetType(), e);
        return e;
    }
}
