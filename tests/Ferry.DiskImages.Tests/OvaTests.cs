using System.Text;
using Ferry.DiskImages.Ova;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests;

public sealed class OvaTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ustar")]
    [InlineData("gnu")]
    [InlineData("pax")]
    public async Task Open_ArchiveOfTar_ListsAndReadsItsMembers(string format)
    {
        var disk = new byte[3_000_001];
        new Random(3).NextBytes(disk);
        await File.WriteAllTextAsync(_folder["a.ovf"], "<Envelope/>", Token);
        await File.WriteAllBytesAsync(_folder["disk-1.raw"], disk, Token);
        await Tool.RunAsync("tar", $"--format={format}", "-C", _folder.Path, "-cf", _folder["a.ova"], "./a.ovf", "disk-1.raw");

        await using var files = await OvaImageFiles.OpenArchiveAsync(_folder["a.ova"], Token);
        await using var reader = await DiskImage.OpenAsync(files, "disk-1.raw", DiskImageFormat.Raw, Token);

        Assert.Equal(["a.ovf", "disk-1.raw"], files.Members.Select(m => m.Name));
        var read = new byte[disk.Length];
        await reader.ReadAsync(0, read, Token);
        Assert.Equal(disk, read);
        Assert.Equal("a.ova!disk-1.raw", reader.Pins[0].Name);
        await Images.FailsAsync(DiskImageErrors.MissingFile, async () => await files.OpenAsync("other", Token));
        await Images.FailsAsync(DiskImageErrors.ForbiddenReference, async () => await files.OpenAsync("../a.ovf", Token));
    }

    [Fact]
    public async Task Open_VmdkInAnOva_HasTheContentOfSamplesMd()
    {
        await Samples.UnpackAsync("strozfriedberg-vmdk-rs/streamOptimized.vmdk", _folder.Path);
        await Tool.RunAsync("tar", "--format=ustar", "-C", _folder.Path, "-cf", _folder["a.ova"], "streamOptimized.vmdk");

        await using var files = await OvaImageFiles.OpenArchiveAsync(_folder["a.ova"], Token);
        await using var reader = await DiskImage.OpenAsync(files, "streamOptimized.vmdk", cancellationToken: Token);

        Assert.Equal("a3bcf05f07a1c06a3380eeca8571f0efb2b85afafa1e21662b8cad436d1f7727", await Images.HashAsync(reader));
    }

    [Fact]
    public async Task Open_ArchiveWithALinkOrFolder_IsRefused()
    {
        File.CreateSymbolicLink(_folder["link"], "/etc/passwd");
        Directory.CreateDirectory(_folder["sub"]);
        foreach (var member in new[] { "link", "sub" })
        {
            await Tool.RunAsync("tar", "--format=ustar", "-C", _folder.Path, "-cf", _folder["a.ova"], member);
            await Images.FailsAsync(DiskImageErrors.ForbiddenReference, async () => await OvaImageFiles.OpenArchiveAsync(_folder["a.ova"], Token));
        }
    }

    [Theory]
    [InlineData("../evil", DiskImageErrors.ForbiddenReference)]
    [InlineData("/etc/passwd", DiskImageErrors.ForbiddenReference)]
    [InlineData("..", DiskImageErrors.ForbiddenReference)]
    [InlineData("a\\b", DiskImageErrors.ForbiddenReference)]
    [InlineData("", DiskImageErrors.ForbiddenReference)]
    [InlineData("fine", null)]
    public async Task Open_MemberName_MustBePlain(string name, string? code)
    {
        await File.WriteAllBytesAsync(_folder["a.ova"], [.. Member(name, 5), .. new byte[512], .. new byte[1024]], Token);
        if (code is null)
        {
            await using var files = await OvaImageFiles.OpenArchiveAsync(_folder["a.ova"], Token);
            return;
        }

        await Images.FailsAsync(code, async () => await OvaImageFiles.OpenArchiveAsync(_folder["a.ova"], Token));
    }

    [Fact]
    public async Task Open_DoubleOrTruncatedMember_IsRefused()
    {
        await File.WriteAllBytesAsync(_folder["a.ova"], [.. Member("x", 5), .. new byte[512], .. Member("X", 5), .. new byte[512]], Token);
        await Images.FailsAsync(DiskImageErrors.Corrupt, async () => await OvaImageFiles.OpenArchiveAsync(_folder["a.ova"], Token));

        await File.WriteAllBytesAsync(_folder["a.ova"], [.. Member("x", 5000), .. new byte[512]], Token);
        await Images.FailsAsync(DiskImageErrors.Truncated, async () => await OvaImageFiles.OpenArchiveAsync(_folder["a.ova"], Token));
    }

    [Fact]
    public async Task Open_NoArchive_IsAnInvalidImage()
    {
        await File.WriteAllBytesAsync(_folder["a.ova"], [.. Enumerable.Repeat((byte)1, 512)], Token);
        await Images.FailsAsync(DiskImageErrors.Corrupt, async () => await OvaImageFiles.OpenArchiveAsync(_folder["a.ova"], Token));
    }

    /// <summary>Headers may follow one another in any number before a member comes.</summary>
    [Fact]
    public void PaxRecords_KeysThatNobodyNeeds_AreNotKept()
    {
        var keys = new Dictionary<string, string>();
        Assert.True(PaxRecords.TryParse("11 path=ab\n17 comment=xyzzy\n9 size=7\n"u8, keys));
        Assert.Equal(new Dictionary<string, string> { ["path"] = "ab", ["size"] = "7" }, keys);
    }

    private static byte[] Member(string name, int size)
    {
        var sector = new byte[512];
        Encoding.ASCII.GetBytes(name, sector);
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0'), sector.AsSpan(124));
        "        "u8.CopyTo(sector.AsSpan(148));
        sector[156] = (byte)'0';
        "ustar\0"u8.CopyTo(sector.AsSpan(257));
        var sum = sector.Sum(b => b);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", sector.AsSpan(148));
        return sector;
    }
}
