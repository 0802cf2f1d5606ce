using System.Text;

namespace Ferry.DiskImages.Qcow2;

/// <summary>What the header extensions of an image say (qcow2.txt, "Header extensions"); unknown ones are passed over.</summary>
internal sealed record HeaderExtensions
{
    /// <summary>Format of the backing file in QEMU's words, or null.</summary>
    internal string? BackingFormat { get; private init; }

    /// <summary>Name of the external data file, or null.</summary>
    internal string? DataFile { get; private init; }

    /// <summary>Names of features.</summary>
    internal IReadOnlyList<FeatureName> FeatureNames { get; private init; } = [];

    /// <summary>Reads the extensions.</summary>
    /// <param name="cluster">The first cluster of the file, up to the name of the backing file.</param>
    /// <param name="start">Where the header ends.</param>
    /// <param name="file">The file, for messages.</param>
    internal static HeaderExtensions Read(ReadOnlySpan<byte> cluster, int start, string file)
    {
        var result = new HeaderExtensions();
        for (long position = start; position <= cluster.Length - HeaderExtension.Size;)
        {
            var extension = HeaderExtension.Read(cluster[(int)position..]);
            if (extension.Type == HeaderExtension.End)
            {
                break;
            }

            var data = position + HeaderExtension.Size;
            if (extension.Length > cluster.Length - data)
            {
                throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The header extension {extension.Type:x8} does not lie within the header.", file, position);
            }

            result = result.With(extension.Type, cluster.Slice((int)data, (int)extension.Length), file, position);
            position = data + ((extension.Length + 7L) & ~7L);
        }

        return result;
    }

    private HeaderExtensions With(uint type, ReadOnlySpan<byte> data, string file, long position) => type switch
    {
        HeaderExtension.BackingFormat => this with { BackingFormat = Once(BackingFormat, data, file, position) },
        HeaderExtension.DataFile => this with { DataFile = Once(DataFile, data, file, position) },
        HeaderExtension.FeatureNames => this with { FeatureNames = ReadNames(data) },
        _ => this,
    };

    private static string Once(string? before, ReadOnlySpan<byte> data, string file, long position) => before is null
        ? Encoding.UTF8.GetString(data)
        : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "A header extension of which there may be one occurs twice.", file, position);

    private static List<FeatureName> ReadNames(ReadOnlySpan<byte> data)
    {
        var names = new List<FeatureName>();
        for (; data.Length >= FeatureName.Size; data = data[FeatureName.Size..])
        {
            names.Add(FeatureName.Read(data));
        }

        return names;
    }
}
