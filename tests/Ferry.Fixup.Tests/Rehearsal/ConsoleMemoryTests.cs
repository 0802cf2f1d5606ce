using Ferry.Fixup.Rehearsal.Screens;

namespace Ferry.Fixup.Tests.Rehearsal;

public sealed class ConsoleMemoryTests
{
    [Fact]
    public void Find_ScreensOfAnyWidth_GivesTheLinesThatDecide()
    {
        var memory = new byte[1 << 20];
        new Random(3).NextBytes(memory);
        Screen(memory, 0x8000, 128, "Debian GNU/Linux 12 web tty1", "", "web login: ");
        Screen(memory, 0x20002, 80, "Gave up waiting for root file system device.  Common problems:", "ALERT!  /dev/sda2 does not exist.  Dropping to a shell!", "", "(initramfs) ");

        Assert.Equal(["web login:", "ALERT!  /dev/sda2 does not exist.  Dropping to a shell!", "(initramfs)"], ConsoleMemory.Find(memory));
    }

    [Fact]
    public void Find_TextThatIsNoScreen_IsNotTaken() => Assert.Empty(ConsoleMemory.Find("web login: (initramfs) Kernel panic - not syncing"u8));

    [Fact]
    public void Find_AtTheEdges_AndInMemoryFullOfIt_IsBounded()
    {
        var memory = new byte[4 << 20];
        for (var i = 0; i + 12 <= memory.Length; i += 12)
        {
            Screen(memory, i, 6, "login:");
        }

        Assert.InRange(ConsoleMemory.Find(memory).Count, 1, 200);
    }

    private static void Screen(byte[] memory, int position, int width, params string[] lines)
    {
        foreach (var line in lines)
        {
            for (var column = 0; column < width; column++, position += 2)
            {
                memory[position] = (byte)(column < line.Length ? line[column] : ' ');
                memory[position + 1] = 7;
            }
        }
    }
}
