using System.Globalization;
using System.Xml.Linq;

namespace Ferry.Capture.Sources.Ovf;

/// <summary>References and DiskSection of an .ovf: which disk is in which file.</summary>
internal sealed class OvfDisks
{
    private readonly XElement _envelope;
    private readonly string _file;
    private readonly Dictionary<string, XElement> _files;
    private readonly Dictionary<string, XElement> _disks;

    public OvfDisks(XElement envelope, string file)
    {
        _envelope = envelope;
        _file = file;
        _files = ById(_envelope.Child("References").Children("File"), "id");
        _disks = ById(_envelope.Child("DiskSection").Children("Disk"), "diskId");
    }

    /// <summary>The disk that a hardware item's HostResource names: <c>ovf:/disk/ID</c> or <c>ovf:/file/ID</c>.</summary>
    /// <exception cref="SourceException">It names nothing, or something that cannot be read.</exception>
    public OvfDisk Resolve(string? hostResource)
    {
        var path = hostResource?.StartsWith("ovf:", StringComparison.OrdinalIgnoreCase) == true ? hostResource[4..] : hostResource ?? "";
        if (path.StartsWith("/file/", StringComparison.Ordinal))
        {
            return new OvfDisk(path[6..], FileName(path[6..]), null);
        }

        if (!path.StartsWith("/disk/", StringComparison.Ordinal) || !_disks.TryGetValue(path[6..], out var disk))
        {
            throw OvfXml.Invalid(_file, $"A hard disk has the HostResource \"{SourceText.Quote(hostResource)}\", which names no disk of the DiskSection.");
        }

        var id = path[6..];
        if (disk.Attr("parentRef") is { } parent)
        {
            throw Unsupported(
                $"The disk \"{SourceText.Quote(id)}\" is only the difference to the disk \"{SourceText.Quote(parent)}\".",
                "Consolidate the machine's snapshots in VMware, then export it again.");
        }

        return new OvfDisk(id, disk.Attr("fileRef") is { } reference ? FileName(reference) : null, Capacity(disk, id));
    }

    private string FileName(string reference)
    {
        if (!_files.TryGetValue(reference, out var file) || file.Attr("href") is not { } href)
        {
            throw OvfXml.Invalid(_file, $"A disk refers to the file \"{SourceText.Quote(reference)}\", which is not in References or has no href.");
        }

        var where = $"{_file}, file {SourceText.Quote(reference)}";
        var name = DescriptorReference.Require(href, where);
        if (file.Attr("compression") is { } compression && !compression.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw Unsupported(
                $"The file \"{SourceText.Quote(name)}\" is compressed ({SourceText.Quote(compression)}).",
                "Decompress it (gzip -d), remove the compression attribute from the .ovf and any .mf file, and try again; or export without compression.");
        }

        return file.Attr("chunkSize") is null
            ? name
            : throw Unsupported($"The file \"{SourceText.Quote(name)}\" is split into pieces (chunkSize).", "Export the machine again without splitting (ovftool without --chunkSize).");
    }

    private long? Capacity(XElement disk, string id)
    {
        if (disk.Attr("capacity") is not { } text || text.Contains("${", StringComparison.Ordinal))
        {
            return null;
        }

        var unit = disk.Attr("capacityAllocationUnits");
        return OvfUnits.Bytes(text, unit is null ? 1 : OvfUnits.BytesPerUnit(unit) ?? throw Bad(unit)) ?? throw Bad(text);

        SourceException Bad(string what) => OvfXml.Invalid(
            _file, string.Create(CultureInfo.InvariantCulture, $"The capacity of the disk \"{SourceText.Quote(id)}\" makes no sense: \"{SourceText.Quote(what)}\"."));
    }

    private SourceException Unsupported(string message, string remedy) => SourceException.Of(SourceErrors.OvfUnsupported, message, _file, remedy);

    private static Dictionary<string, XElement> ById(IEnumerable<XElement> elements, string attribute)
    {
        var result = new Dictionary<string, XElement>(StringComparer.Ordinal);
        foreach (var element in elements)
        {
            if (element.Attr(attribute) is { } id)
            {
                result.TryAdd(id, element);
            }
        }

        return result;
    }
}
