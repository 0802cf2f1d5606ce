using System.Buffers.Binary;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Qcow2.Writing;

/// <summary>
/// Changes entries of big-endian tables in the file, page by page: best in the order of the file. A page never reaches over the cluster that it lies in, as its
/// neighbours may be somebody else's. Where the file has nothing yet it holds zeros.
/// </summary>
internal sealed class TablePatch
{
    private const int MaximumPageSize = 64 * 1024;

    private readonly ImageFile _file;
    private readonly byte[] _page;
    private long _start = -1;
    private bool _isChanged;

    /// <summary>Creates it without a page.</summary>
    internal TablePatch(ImageFile file, int clusterSize)
    {
        _file = file;
        _page = new byte[Math.Min(MaximumPageSize, clusterSize)];
    }

    /// <summary>The entry of 8 bytes at an offset.</summary>
    internal ulong Get(long offset) => BinaryPrimitives.ReadUInt64BigEndian(At(offset));

    /// <summary>Changes it.</summary>
    internal void Set(long offset, ulong value)
    {
        var entry = At(offset);
        _isChanged = true;
        BinaryPrimitives.WriteUInt64BigEndian(entry, value);
    }

    /// <summary>Changes entries of 2 bytes that follow each other.</summary>
    internal void Set(long offset, long count, ushort value)
    {
        for (; count > 0; count--, offset += sizeof(ushort))
        {
            var entry = At(offset);
            _isChanged = true;
            BinaryPrimitives.WriteUInt16BigEndian(entry, value);
        }
    }

    /// <summary>Writes what was changed.</summary>
    internal void Store()
    {
        if (_isChanged)
        {
            _file.Write(_start, _page);
            _isChanged = false;
        }
    }

    private Span<byte> At(long offset)
    {
        var start = offset - (offset % _page.Length);
        if (start != _start)
        {
            Store();
            Load(start);
        }

        return _page.AsSpan((int)(offset - start));
    }

    private void Load(long start)
    {
        _start = start;
        var count = 0;
        for (int read; count < _page.Length && (read = _file.Read(start + count, _page.AsMemory(count))) > 0;)
        {
            count += read;
        }

        _page.AsSpan(count).Clear();
    }
}
