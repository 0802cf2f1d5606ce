using System.Text;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>Guests of 512 bytes.</summary>
internal static class BootSectors
{
    private const int TextAt = 0x20;

    /// <summary>Does nothing.</summary>
    public static byte[] Idle => Sector([0xF4, 0xEB, 0xFD]);

    /// <summary>Restarts the machine by the keyboard controller: mov al, FEh; out 64h, al; hlt.</summary>
    public static byte[] Restarting => Sector([0xB0, 0xFE, 0xE6, 0x64, 0xF4, 0xEB, 0xFD]);

    /// <summary>Switches the machine off by ACPI, whose registers SeaBIOS has put to 600h: mov dx, 604h; mov ax, 2000h; out dx, ax; hlt.</summary>
    public static byte[] SwitchingOff => Sector([0xBA, 0x04, 0x06, 0xB8, 0x00, 0x20, 0xEF, 0xF4, 0xEB, 0xFD]);

    /// <summary>Writes to the serial port without end, and never a line: mov dx, 3F8h; mov al, 'x'; out dx, al; jmp back.</summary>
    public static byte[] Flooding => Sector([0xBA, 0xF8, 0x03, 0xB0, 0x78, 0xEE, 0xEB, 0xFD]);

    /// <summary>Writes to the screen by the BIOS and halts: xor ax, ax; mov ds, ax; mov si, 7C20h; mov bx, 7; lodsb; test al, al; jz; mov ah, 0Eh; int 10h; jmp; hlt.</summary>
    public static byte[] Printing(string text) => Sector(
        [0xFC, 0x31, 0xC0, 0x8E, 0xD8, 0xBE, TextAt, 0x7C, 0xBB, 0x07, 0x00, 0xAC, 0x84, 0xC0, 0x74, 0x06, 0xB4, 0x0E, 0xCD, 0x10, 0xEB, 0xF5, 0xF4, 0xEB, 0xFD], text);

    /// <summary>
    /// Draws (640 x 480 by VBE) and keeps the text of its console in memory at 20000h, as Linux does: mov ax, 4F02h; mov bx, 101h; int 10h; xor ax, ax; mov ds, ax; mov ax, 2000h;
    /// mov es, ax; xor di, di; mov si, 7C20h; mov ah, 7; lodsb; test al, al; jz; stosw; jmp; hlt.
    /// </summary>
    public static byte[] Drawing(string text) => Sector(
        [0xB8, 0x02, 0x4F, 0xBB, 0x01, 0x01, 0xCD, 0x10, 0x31, 0xC0, 0x8E, 0xD8, 0xB8, 0x00, 0x20, 0x8E, 0xC0, 0x31, 0xFF, 0xBE, TextAt + 0x10, 0x7C, 0xB4, 0x07, 0xAC, 0x84, 0xC0, 0x74, 0x03, 0xAB, 0xEB, 0xF8, 0xF4, 0xEB, 0xFD],
        "".PadLeft(0x10, '\0') + text);

    /// <summary>A disk that begins with it.</summary>
    public static async Task<string> DiskAsync(string folder, byte[] sector)
    {
        var disk = Path.Combine(folder, "sector.raw");
        var image = new byte[16 << 20];
        sector.CopyTo(image, 0);
        await File.WriteAllBytesAsync(disk, image, TestContext.Current.CancellationToken);
        return disk;
    }

    private static byte[] Sector(byte[] code, string text = "")
    {
        var sector = new byte[512];
        Encoding.ASCII.GetBytes(text).CopyTo(sector, TextAt);
        code.CopyTo(sector, 0);
        (sector[510], sector[511]) = (0x55, 0xAA);
        return sector;
    }
}
