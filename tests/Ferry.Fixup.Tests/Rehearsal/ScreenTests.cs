using System.Text;
using Ferry.Fixup.Rehearsal.Screens;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Rehearsal;

public sealed class ScreenTests
{
    [Fact]
    public void TextScreen_GivesTheLinesThatStandInTheAdaptersMemory()
    {
        var memory = new byte[TextScreen.Size];
        Put(memory, 0, "SeaBIOS (version 1.16.2-debian-1.16.2-1)");
        Put(memory, 3, "Booting from Hard Disk...");
        Put(memory, 4, "grub rescue> _");
        memory[(5 * 160) + 2] = 0xC4;

        Assert.Equal(["SeaBIOS (version 1.16.2-debian-1.16.2-1)", "Booting from Hard Disk...", "grub rescue> _"], TextScreen.Read(memory));
    }

    [Theory]
    [InlineData(720, 400, true)]
    [InlineData(640, 400, true)]
    [InlineData(640, 480, false)]
    [InlineData(1024, 768, false)]
    public void TextMode_IsToldByTheSizeOfThePicture(int width, int height, bool text) => Assert.Equal(text, TextScreen.IsTextMode(width, height));

    [Theory]
    [InlineData("")]
    [InlineData("P6\n64 48\n255\nshort")]
    [InlineData("P5\n1 1\n255\nx")]
    [InlineData("P6\n0 1\n255\n")]
    [InlineData("P6\n-1 1\n255\n")]
    [InlineData("P6\n8192 8192\n255\n")]
    [InlineData("P6\n99999999999999999999 1\n255\n")]
    [InlineData("P6\n1 1\n65535\nabcdef")]
    public void Picture_ThatIsNone_IsNull(string file) => Assert.Null(ScreenPicture.Read(Encoding.ASCII.GetBytes(file)));

    [Fact]
    public void Share_CountsThePointsOfAColour()
    {
        var picture = Pictures.Of(0, 120, 215, text: 0.25);
        Assert.Equal(0.75, picture.Share(new ScreenColour(2, 118, 215), 5), 2);
        Assert.Equal(0, picture.Share(new ScreenColour(0, 0, 130), 5));
    }

    [Fact]
    public async Task Png_IsReadBackByAnotherProgram()
    {
        using var scratch = new ScratchFolder();
        var (ppm, png, back) = (Path.Combine(scratch.Path, "a.ppm"), Path.Combine(scratch.Path, "a.png"), Path.Combine(scratch.Path, "b.ppm"));
        var file = Pictures.File(61, 33, 10, 200, 30, text: 0.4);
        await File.WriteAllBytesAsync(ppm, file, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(png, PngFile.Write(ScreenPicture.Read(file)!), TestContext.Current.CancellationToken);
        const string Script = "import sys,struct,zlib; d=open(sys.argv[1],'rb').read(); assert d[:8]==b'\\x89PNG\\r\\n\\x1a\\n'; p=8; o=b''\nwhile p<len(d):\n n,=struct.unpack('>I',d[p:p+4]); t=d[p+4:p+8]; b=d[p+8:p+8+n]; assert struct.unpack('>I',d[p+8+n:p+12+n])[0]==zlib.crc32(t+b); p+=12+n\n if t==b'IHDR': w,h=struct.unpack('>II',b[:8]); assert b[8:]==b'\\x08\\x02\\0\\0\\0'\n if t==b'IDAT': o+=b\nr=zlib.decompress(o); assert len(r)==h*(w*3+1)\nopen(sys.argv[2],'wb').write(b'P6\\n%d %d\\n255\\n'%(w,h)+b''.join(r[y*(w*3+1)+1:(y+1)*(w*3+1)] for y in range(h)))";
        await SampleGuest.RunAsync("python3", "-c", Script, png, back);
        Assert.Equal(file, await File.ReadAllBytesAsync(back, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Png_OfNoise_IsMadeSmallerUntilItFits()
    {
        var noise = new byte[(1600 * 1200 * 3) + 17];
        new Random(1).NextBytes(noise);
        Encoding.ASCII.GetBytes("P6\n1600 1200\n255\n").CopyTo(noise, 0);
        Assert.InRange(PngFile.Write(ScreenPicture.Read(noise)!).Length, 1, PngFile.MostBytes);
    }

    private static void Put(byte[] memory, int row, string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            memory[(row * 160) + (i * 2)] = (byte)text[i];
            memory[(row * 160) + (i * 2) + 1] = 7;
        }
    }
}
