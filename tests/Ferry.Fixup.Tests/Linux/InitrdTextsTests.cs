using Ferry.Fixup.Guests.Linux.Initrd;

namespace Ferry.Fixup.Tests.Linux;

public sealed class InitrdTextsTests
{
    [Fact]
    public void Read_ConfigurationThatIsThereTwice_TheLastCounts()
    {
        var first = Archive(("etc/modprobe.d/a.conf", "old"), ("usr/lib/modprobe.d/b.conf", "b"), ("etc/passwd", "x"), ("etc/modprobe.d/readme", "x"), ("etc/lvm/lvm.conf", "lvm"), ("etc/lvm/devices/system.devices", "list"));
        var contents = InitrdContents.Read(InitrdImage.Parse((byte[])[.. first, .. Archive(("etc/modprobe.d/a.conf", "new"))]), "1", null);

        Assert.Equal(
            [("etc/lvm/devices/system.devices", "list"), ("etc/lvm/lvm.conf", "lvm"), ("etc/modprobe.d/a.conf", "new"), ("usr/lib/modprobe.d/b.conf", "b")],
            contents.Texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => (t.Key, t.Value)));
    }

    private static byte[] Archive(params (string Path, string Text)[] files)
    {
        using var stream = new MemoryStream();
        var writer = new CpioWriter(stream);
        foreach (var (path, text) in files)
        {
            writer.AddFile(path, System.Text.Encoding.ASCII.GetBytes(text));
        }

        writer.Finish();
        return stream.ToArray();
    }
}
