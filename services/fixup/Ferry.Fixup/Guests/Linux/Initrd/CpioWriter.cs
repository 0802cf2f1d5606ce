using System.Text;

namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>Writes one newc archive, the same bytes for the same content: owner 0:0, one link, counted inodes, fixed time. Parents come before their children by themselves.</summary>
internal sealed class CpioWriter(Stream stream)
{
    private const int DirectoryMode = CpioEntry.Directory | 0x1ED;
    private const int FileMode = CpioEntry.RegularFile | 0x1A4;
    private readonly HashSet<string> _directories = [];
    private uint _inode = 0x0F00_0000;
    private long _position;

    /// <summary>Adds a file and the directories above it.</summary>
    public void AddFile(string path, ReadOnlySpan<byte> content)
    {
        var slash = 0;
        while ((slash = path.IndexOf('/', slash + 1)) > 0)
        {
            if (_directories.Add(path[..slash]))
            {
                Add(path[..slash], DirectoryMode, []);
            }
        }

        Add(path, FileMode, content);
    }

    /// <summary>Ends the archive.</summary>
    public void Finish() => Add(CpioEntry.Trailer, 0, []);

    private void Add(string name, int mode, ReadOnlySpan<byte> content)
    {
        var bytes = Encoding.Latin1.GetBytes(name + '\0');
        var header = new byte[CpioHeader.Size];
        new CpioHeader((uint)mode, (uint)content.Length, (uint)bytes.Length).Write(header, mode == 0 ? 0 : _inode++, time: 0);
        Write(header);
        Write(bytes);
        Pad();
        Write(content);
        Pad();
    }

    private void Pad() => Write(stackalloc byte[(int)(-_position & (CpioHeader.Alignment - 1))]);

    private void Write(scoped ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _position += bytes.Length;
    }
}
