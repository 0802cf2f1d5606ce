using System.Buffers.Binary;

namespace Ferry.Fixup.Volumes;

/// <summary>Security descriptors for what the fix-up makes on NTFS. Without one a new file is everybody's to change: ntfs-3g knows no rights of Windows by itself.</summary>
internal static class NtfsAccess
{
    /// <summary>Name under which ntfs-3g gives and takes a file's descriptor (MS-DTYP 2.4.6, self-relative).</summary>
    public const string Attribute = "system.ntfs_acl";

    private const int HeaderSize = 20;
    private const int ListHeaderSize = 8;
    private const int EntryHeaderSize = 8;
    private const ushort SelfRelativeProtectedList = 0x9004;
    private const uint All = 0x001F01FF;
    private const uint ReadAndExecute = 0x001200A9;
    private const byte ToFilesAndFolders = 3;
    private static readonly byte[] System = Sid(18);
    private static readonly byte[] Administrators = Sid(32, 544);
    private static readonly byte[] Users = Sid(32, 545);

    /// <summary>All rights for the system and administrators, who own it; reading and executing for users unless it is private. Nothing is inherited.</summary>
    /// <param name="isFolder">Whether what is made in it inherits this.</param>
    /// <param name="isPrivate">Whether users have no access.</param>
    public static byte[] Descriptor(bool isFolder, bool isPrivate)
    {
        byte[][] entries = [Entry(All, System, isFolder), Entry(All, Administrators, isFolder), .. isPrivate ? Array.Empty<byte[]>() : [Entry(ReadAndExecute, Users, isFolder)]];
        var listSize = ListHeaderSize + entries.Sum(e => e.Length);
        var owner = HeaderSize;
        var group = owner + Administrators.Length;
        var list = group + System.Length;
        var descriptor = new byte[list + listSize];
        descriptor[0] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor.AsSpan(2), SelfRelativeProtectedList);
        BinaryPrimitives.WriteInt32LittleEndian(descriptor.AsSpan(4), owner);
        BinaryPrimitives.WriteInt32LittleEndian(descriptor.AsSpan(8), group);
        BinaryPrimitives.WriteInt32LittleEndian(descriptor.AsSpan(16), list);
        Administrators.CopyTo(descriptor, owner);
        System.CopyTo(descriptor, group);
        descriptor[list] = 2;
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor.AsSpan(list + 2), (ushort)listSize);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor.AsSpan(list + 4), (ushort)entries.Length);
        var place = list + ListHeaderSize;
        foreach (var entry in entries)
        {
            entry.CopyTo(descriptor, place);
            place += entry.Length;
        }

        return descriptor;
    }

    private static byte[] Entry(uint rights, byte[] sid, bool isFolder)
    {
        var entry = new byte[EntryHeaderSize + sid.Length];
        entry[1] = isFolder ? ToFilesAndFolders : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(2), (ushort)entry.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(4), rights);
        sid.CopyTo(entry, EntryHeaderSize);
        return entry;
    }

    /// <summary>S-1-5-...</summary>
    private static byte[] Sid(params uint[] parts)
    {
        var sid = new byte[8 + (parts.Length * sizeof(uint))];
        sid[0] = 1;
        sid[1] = (byte)parts.Length;
        sid[7] = 5;
        for (var i = 0; i < parts.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(sid.AsSpan(8 + (i * sizeof(uint))), parts[i]);
        }

        return sid;
    }
}
