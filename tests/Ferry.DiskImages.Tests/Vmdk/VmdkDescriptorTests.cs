using System.Text;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Vmdk;
using Xunit;

namespace Ferry.DiskImages.Tests.Vmdk;

public sealed class VmdkDescriptorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Names whose bytes in these encodings hold what a parser could trip over: the second byte of 表 and ソ in Shift_JIS is a backslash, of 墦 in GBK a bar.</summary>
    [Theory]
    [InlineData("UTF-8", "Überblick ソ表 диск.vmdk")]
    [InlineData("windows-1252", "Überblick – café €.vmdk")]
    [InlineData("windows-1251", "Диск сервера.vmdk")]
    [InlineData("GBK", "服务器 磁盘墦.vmdk")]
    [InlineData("GB18030", "服务器 磁盘墦.vmdk")]
    [InlineData("Shift_JIS", "ソ表十 サーバー.vmdk")]
    [InlineData("Big5", "伺服器 功許蓋.vmdk")]
    [InlineData("EUC-KR", "서버 디스크.vmdk")]
    public async Task Open_NamesInTheDeclaredEncoding_AreFound(string encoding, string name)
    {
        var bytes = Encode(encoding, Text(encoding, name));
        await WriteAsync(bytes, name);

        await using var image = await Images.OpenAsync(_folder["disk.vmdk"]);

        Assert.Equal(["disk.vmdk", name], image.Info.Files);
        Assert.Equal(encoding, image.Info.Properties["encoding"]);
    }

    [Theory]
    [InlineData("windows-1252", "UTF-8", "Überblick.vmdk", "UTF-8")]
    [InlineData("UTF-8", "windows-1252", "Überblick €.vmdk", "windows-1252")]
    [InlineData("GBK", "UTF-8", "a€.vmdk", "UTF-8")]
    [InlineData("no-such-encoding", "UTF-8", "диск.vmdk", "UTF-8")]
    [InlineData("utf-16", "UTF-8", "диск.vmdk", "UTF-8")]
    [InlineData("utf-7", "UTF-8", "a+AGE-b.vmdk", "UTF-8")]
    [InlineData("IBM037", "UTF-8", "plain.vmdk", "UTF-8")]
    [InlineData("", "UTF-8", "диск.vmdk", "UTF-8")]
    [InlineData(null, "UTF-8", "диск.vmdk", "UTF-8")]
    [InlineData(null, "windows-1252", "Überblick €.vmdk", "windows-1252")]
    public void Decode_DeclarationThatIsNotTrue_TakesTheFirstThatGivesTheSameBytes(string? declared, string real, string name, string expected)
    {
        var (text, used) = VmdkEncoding.Decode(Encode(real, Text(declared, name)));

        // Any bytes are text in windows-1252: there the declaration counts.
        if (declared == "windows-1252")
        {
            Assert.Equal("windows-1252", used);
            Assert.Contains("Ãœberblick", text, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(expected, used);
        Assert.Contains(name, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_AnyBytes_GivesThemBack()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            byte[] all = [.. Encoding.ASCII.GetBytes($"encoding=\"{(i % 3) switch { 0 => "GBK", 1 => "Shift_JIS", _ => "windows-1252" }}\"\n"), .. bytes];
            var (text, name) = VmdkEncoding.Decode(all);
            Assert.Equal(all, (CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name)).GetBytes(text));
        }
    }

    [Theory]
    [InlineData("fullDevice", "RW 100 FLAT \"/dev/sda\" 0")]
    [InlineData("partitionedDevice", "RW 100 FLAT \"\\\\.\\PhysicalDrive0\" 63 partitionUUID x")]
    [InlineData("vmfsRawDeviceMap", "RW 100 VMFSRDM \"a-rdm.vmdk\"")]
    [InlineData("vmfsPassthroughRawDeviceMap", "RW 100 VMFSRDM \"a-rdmp.vmdk\"")]
    [InlineData("vmfsRaw", "RW 100 VMFSRAW \"/vmfs/devices/disks/x\"")]
    [InlineData("VMFSRDM", "RW 100 ZERO")]
    public async Task Open_DiskThatIsADevice_SaysWhatToDo(string createType, string line)
    {
        await File.WriteAllTextAsync(_folder["disk.vmdk"], VmdkText.Descriptor(createType, line), Token);

        var e = await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, () => Images.OpenAsync(_folder["disk.vmdk"]));

        Assert.Contains("Clone it to a virtual disk", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CID=xyz")]
    [InlineData("CID=123456789")]
    public async Task Open_ContentIdThatIsNone_MattersToNobody(string lines)
    {
        await File.WriteAllTextAsync(_folder["disk.vmdk"], $"# Disk DescriptorFile\n{lines}\ncreateType=\"custom\"\nRW 1 ZERO\n", Token);

        await using var image = await Images.OpenAsync(_folder["disk.vmdk"]);

        Assert.Equal(512, image.Capacity);
    }

    [Fact]
    public async Task Open_ParentsContentIdThatIsNone_IsRefused()
    {
        await File.WriteAllTextAsync(_folder["disk.vmdk"], "# Disk DescriptorFile\nCID=1\nparentCID=-1\ncreateType=\"custom\"\nRW 1 ZERO\n", Token);

        await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(_folder["disk.vmdk"]));
    }

    [Fact]
    public async Task Open_Descriptor_TellsWhatItSays()
    {
        await File.WriteAllTextAsync(_folder["disk.vmdk"], VmdkText.Descriptor("custom", "RW 1 ZERO", cid: "ABC"), Token);

        await using var image = await Images.OpenAsync(_folder["disk.vmdk"]);

        Assert.Equal(("00000abc", "lsilogic", "8"), (image.Info.Properties["cid"], image.Info.Properties["adapterType"], image.Info.Properties["virtualHWVersion"]));
        Assert.Null(image.Info.Parent);
    }

    [Theory]
    [InlineData("vmfs", "RW 4 VMFS \"a-flat.vmdk\"")]
    [InlineData("vmfsThin", "RW 4 VMFS \"a-flat.vmdk\" 0")]
    [InlineData("twoGbMaxExtentFlat", "RW 2 FLAT \"a-flat.vmdk\" 0\nRW 2 FLAT \"a-flat.vmdk\" 2")]
    public async Task Open_FlatExtents_AreReadAsTheyStand(string createType, string lines)
    {
        var bytes = new byte[2048];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(_folder["a-flat.vmdk"], bytes, Token);
        await File.WriteAllTextAsync(_folder["disk.vmdk"], VmdkText.Descriptor(createType, lines), Token);

        await using var image = await Images.OpenAsync(_folder["disk.vmdk"]);
        var read = new byte[2048];
        await image.ReadAsync(0, read, Token);

        Assert.Equal(bytes, read);
        Assert.Equal(2, image.Pins.Count);
    }

    private static string Text(string? encoding, string name) =>
        $"# Disk DescriptorFile\nversion=1\n{(encoding is null ? "" : $"encoding=\"{encoding}\"\n")}CID=1\nparentCID=ffffffff\ncreateType=\"vmfs\"\nRW 1 VMFS \"{name}\"\n";

    private static byte[] Encode(string encoding, string text) =>
        (CodePagesEncodingProvider.Instance.GetEncoding(encoding, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback) ?? Encoding.GetEncoding(encoding)).GetBytes(text);

    private async Task WriteAsync(byte[] descriptor, string extent)
    {
        await File.WriteAllBytesAsync(_folder["disk.vmdk"], descriptor, Token);
        await File.WriteAllBytesAsync(_folder[extent], new byte[512], Token);
    }
}
