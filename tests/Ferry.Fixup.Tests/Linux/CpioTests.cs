using System.Text;
using Ferry.Fixup.Guests.Linux.Initrd;
using FsCheck.Xunit;

namespace Ferry.Fixup.Tests.Linux;

public sealed class CpioTests
{
    [Property]
    public bool Write_AnyFiles_AreReadBack(byte[][] contents)
    {
        using var archive = new MemoryStream();
        var writer = new CpioWriter(archive);
        for (var i = 0; i < contents.Length; i++)
        {
            writer.AddFile($"usr/lib/file{i}", contents[i] ?? []);
        }

        writer.Finish();
        archive.Position = 0;
        var reader = new CpioReader(archive);
        var read = new List<byte[]>();
        while (reader.Next() is { } entry)
        {
            if (entry.Type == CpioEntry.RegularFile)
            {
                using var content = new MemoryStream();
                reader.CopyContentTo(content);
                read.Add(content.ToArray());
            }
        }

        return read.Count == contents.Length && read.Zip(contents).All(p => p.First.AsSpan().SequenceEqual(p.Second ?? []));
    }

    [Property]
    public void Read_AnyDamage_EndsOrThrowsTheOneException(byte[] noise, int at)
    {
        var bytes = Archive();
        for (var i = 0; i < (noise ?? []).Length; i++)
        {
            bytes[(int)(((uint)at + (ulong)i) % (ulong)bytes.Length)] ^= noise![i];
        }

        try
        {
            var reader = new CpioReader(new MemoryStream(bytes));
            while (reader.Next() is not null)
            {
            }

            InitrdImage.Parse(bytes);
        }
        catch (InitrdException)
        {
        }
    }

    [Fact]
    public void Read_EveryTruncation_ThrowsOrEnds()
    {
        var bytes = Archive();
        for (var length = 0; length < bytes.Length - 4; length++)
        {
            var reader = new CpioReader(new MemoryStream(bytes, 0, length));
            var record = Record.Exception(() =>
            {
                while (reader.Next() is not null)
                {
                }
            });
            Assert.True(record is null or InitrdException, $"{length}: {record}");
        }
    }

    [Fact]
    public void Read_HugeNameOrSize_Throws()
    {
        var header = "070701" + string.Concat(Enumerable.Repeat("FFFFFFFF", 13));
        Assert.Throws<InitrdException>(() => new CpioReader(new MemoryStream(Encoding.ASCII.GetBytes(header))).Next());
        Assert.Throws<InitrdException>(() => InitrdImage.Parse(Encoding.ASCII.GetBytes(header)));
    }

    [Theory]
    [InlineData("../etc/passwd", null)]
    [InlineData("a/../../b", null)]
    [InlineData("/usr/lib/x", "usr/lib/x")]
    [InlineData("./usr//lib/x", "usr/lib/x")]
    public void SafePath_Tricks_DoNotLeadOut(string name, string? expected) => Assert.Equal(expected, new CpioEntry(name, CpioEntry.RegularFile, 0).SafePath);

    [Theory]
    [InlineData("kernel/drivers/hv/hv_vmbus.ko", true)]
    [InlineData("kernel/drivers/net/phy/sfp.ko.xz", true)]
    [InlineData("../../../etc/x.ko", false)]
    [InlineData("/etc/x.ko", false)]
    [InlineData("kernel/..//x.ko", false)]
    [InlineData("kernel/a b.ko", false)]
    [InlineData("-b/x.ko", false)]
    public void IsModulePath_OnlyPlainPaths_AreTaken(string path, bool expected) => Assert.Equal(expected, KernelModules.IsModulePath(path));

    private static byte[] Archive()
    {
        using var archive = new MemoryStream();
        var writer = new CpioWriter(archive);
        writer.AddFile("usr/lib/a", [1, 2, 3]);
        writer.AddFile("usr/lib/b", new byte[70]);
        writer.Finish();
        return archive.ToArray();
    }
}
