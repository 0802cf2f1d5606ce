using System.Globalization;
using System.Text;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Ova;

/// <summary>Lists the members of an OVA by their headers alone; nothing is ever extracted.</summary>
internal sealed class TarReader(IByteSource archive)
{
    private const int MaximumMembers = 1024;
    private const int MaximumExtensionSize = 64 * 1024;
    private const int MaximumNameLength = 255;

    private readonly List<OvaMember> _members = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _extension = new(StringComparer.Ordinal);

    /// <summary>Reads all headers.</summary>
    internal async ValueTask<IReadOnlyList<OvaMember>> ReadAsync(CancellationToken cancellationToken)
    {
        var sector = new byte[TarHeader.SizeOnDisk];
        long position = 0;
        for (var headers = 0; position < archive.Length; headers++)
        {
            SourceBounds.Require(archive, position, sector.Length, "tar header");
            await archive.ReadAsync(position, sector, cancellationToken).ConfigureAwait(false);
            if (sector.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                return _members;
            }

            var header = TarHeader.IsMatch(sector) ? TarHeader.TryRead(sector) : null;
            if (header is null || headers > MaximumMembers * 2)
            {
                throw Corrupt(header is null ? "The tar header is damaged." : "The archive has too many members.", position);
            }

            position = await AcceptAsync(header.Value, position, cancellationToken).ConfigureAwait(false);
        }

        // Archives cut off behind the last member are accepted: every member was checked to be whole.
        return _members;
    }

    /// <summary>Deals with one header.</summary>
    /// <returns>Where the next header stands.</returns>
    private async ValueTask<long> AcceptAsync(TarHeader header, long position, CancellationToken cancellationToken)
    {
        var data = position + TarHeader.SizeOnDisk;
        switch (header.Type)
        {
            case TarHeader.PaxHeader or TarHeader.PaxGlobalHeader or TarHeader.GnuLongName:
                var bytes = await ReadExtensionAsync(header, data, cancellationToken).ConfigureAwait(false);
                if (header.Type == TarHeader.GnuLongName)
                {
                    _extension["path"] = Encoding.UTF8.GetString(bytes).TrimEnd('\0');
                }
                else if (header.Type == TarHeader.PaxHeader && !PaxRecords.TryParse(bytes, _extension))
                {
                    throw Corrupt("The pax header is damaged.", position);
                }

                return Next(data, header.Size);
            case TarHeader.Regular or TarHeader.OldRegular:
                var size = _extension.GetValueOrDefault("size") is { } text
                    ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Corrupt("The pax size is no number.", position)
                    : header.Size;
                Add(_extension.GetValueOrDefault("path") ?? header.Name, data, size);
                _extension.Clear();
                return Next(data, size);
            default:
                throw new InvalidDiskImageException(
                    DiskImageErrors.ForbiddenReference, "The archive holds something else than regular files (a link, a folder or a device).", archive.Name, position);
        }
    }

    private async ValueTask<byte[]> ReadExtensionAsync(TarHeader header, long data, CancellationToken cancellationToken)
    {
        if (header.Size > MaximumExtensionSize)
        {
            throw Corrupt("The extension header is impossibly long.", data);
        }

        SourceBounds.Require(archive, data, header.Size, "extension header");
        var bytes = new byte[header.Size];
        await archive.ReadAsync(data, bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    private void Add(string name, long data, long size)
    {
        name = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        var allowed = name.Length is > 0 and <= MaximumNameLength
            && name is not "." and not ".."
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ' ' or '-');
        if (!allowed)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.ForbiddenReference, "The archive has a member whose name is not a plain file name of letters, digits, '.', '_', '-' and spaces.", archive.Name, data);
        }

        if (!_names.Add(name))
        {
            throw Corrupt($"The archive has two members named \"{name}\".", data);
        }

        if (_members.Count == MaximumMembers)
        {
            throw Corrupt("The archive has too many members.", data);
        }

        SourceBounds.Require(archive, data, size, $"member \"{name}\"");
        _members.Add(new OvaMember(name, data, size));
    }

    /// <summary>The size has been checked against the file, so nothing overflows.</summary>
    private static long Next(long data, long size) => data + ((size + TarHeader.SizeOnDisk - 1) / TarHeader.SizeOnDisk * TarHeader.SizeOnDisk);

    private InvalidDiskImageException Corrupt(string message, long position) => new(DiskImageErrors.Corrupt, message, archive.Name, position);
}
