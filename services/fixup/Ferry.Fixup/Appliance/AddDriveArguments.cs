using System.Runtime.InteropServices;

namespace Ferry.Fixup.Appliance;

/// <summary><c>struct guestfs_add_drive_opts_argv</c>: the bit mask says which fields count. Field order is the library's (it only ever grows at the end).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AddDriveArguments
{
    public const ulong HasReadOnly = 1 << 0;
    public const ulong HasFormat = 1 << 1;
    public const ulong HasProtocol = 1 << 5;
    public const ulong HasServer = 1 << 6;
    public const ulong HasCacheMode = 1 << 9;

    public ulong BitMask;
    public int ReadOnly;
    public nint Format;
    public nint Interface;
    public nint Name;
    public nint Label;
    public nint Protocol;
    public nint Server;
    public nint UserName;
    public nint Secret;
    public nint CacheMode;
    public nint Discard;
    public int CopyOnRead;
    public int BlockSize;
}
