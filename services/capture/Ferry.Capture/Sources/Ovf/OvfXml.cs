using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Ferry.Capture.Sources.Ovf;

/// <summary>Reads an .ovf as XML: no DTD, no entity, no external reference, bounded size.</summary>
internal static class OvfXml
{
    /// <summary>The largest file that is read, in bytes; real ones have a few dozen KiB.</summary>
    public const int MaximumBytes = 4 << 20;

    private const string Namespace = "http://schemas.dmtf.org/ovf/envelope/";
    private const int MostElements = 200_000;

    /// <summary>Reads the envelope.</summary>
    /// <exception cref="SourceException"><see cref="SourceErrors.OvfInvalid"/>.</exception>
    public static XElement ReadEnvelope(ReadOnlyMemory<byte> bytes, string file)
    {
        if (bytes.Length > MaximumBytes)
        {
            throw Invalid(file, string.Create(CultureInfo.InvariantCulture, $"The file has {bytes.Length} bytes; an .ovf has at most {MaximumBytes}."));
        }

        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes.ToArray(), writable: false), Settings());
            var root = Load(reader, file);
            if (root.Name.LocalName != "Envelope" || !root.Name.NamespaceName.StartsWith(Namespace, StringComparison.Ordinal))
            {
                throw Invalid(file, $"The root is {SourceText.Quote(root.Name.LocalName)} in the namespace \"{SourceText.Quote(root.Name.NamespaceName)}\"; OVF 1.x and 2.x are read.");
            }

            return root;
        }
        catch (XmlException e)
        {
            throw SourceException.Of(
                SourceErrors.OvfInvalid,
                "The .ovf is not well-formed XML without a DTD: " + SourceText.Quote(e.Message),
                string.Create(CultureInfo.InvariantCulture, $"{file}, line {e.LineNumber}"),
                "Export the machine again.",
                e);
        }
    }

    /// <summary>Whether the start of a file may be an XML document with the root Envelope. Never throws for its content.</summary>
    public static bool LooksLikeEnvelope(ReadOnlySpan<byte> head)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(head.ToArray(), writable: false), Settings());
            return reader.MoveToContent() == XmlNodeType.Element && reader.LocalName == "Envelope";
        }
        catch (XmlException)
        {
            // Not XML, a DTD, or cut before the root element: the caller then asks for other formats.
            return false;
        }
    }

    /// <summary>The children with a local name, whatever prefix or version of the namespace they have.</summary>
    public static IEnumerable<XElement> Children(this XElement? parent, string name) =>
        parent?.Elements().Where(e => e.Name.LocalName == name) ?? [];

    /// <summary>The first child with a local name, or null.</summary>
    public static XElement? Child(this XElement? parent, string name) => parent.Children(name).FirstOrDefault();

    /// <summary>The trimmed text of the first child with a local name; null when absent or empty.</summary>
    public static string? Text(this XElement? parent, string name) => parent.Child(name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>An attribute by its local name, whatever its namespace; null when absent or empty.</summary>
    public static string? Attr(this XElement? element, string name) =>
        element?.Attributes().FirstOrDefault(a => a.Name.LocalName == name && !a.IsNamespaceDeclaration)?.Value is { Length: > 0 } text ? text : null;

    /// <summary>The error of a damaged .ovf.</summary>
    public static SourceException Invalid(string file, string message) =>
        SourceException.Of(SourceErrors.OvfInvalid, message, file, "Check that this is the machine's .ovf file, or export the machine again.");

    private static XmlReaderSettings Settings() => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaximumBytes,
        MaxCharactersFromEntities = 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        CloseInput = true,
    };

    private static XElement Load(XmlReader reader, string file)
    {
        using var counting = new CountingXmlReader(reader, MostElements, () => Invalid(file, "The .ovf has more than 200,000 elements or nests deeper than 64."));
        return XElement.Load(counting);
    }
}
