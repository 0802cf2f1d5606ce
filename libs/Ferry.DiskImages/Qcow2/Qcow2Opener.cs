using System.Text;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Qcow2.Writing;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Qcow2;

/// <summary>Checks the header of a QCOW2 file, finds the files that belong to it and opens its reader.</summary>
internal static class Qcow2Opener
{
    private const int MaximumBackingName = 1023;

    /// <summary>Opens the disk; the reader owns the source from then on, the caller still does when this throws.</summary>
    internal static async ValueTask<IDiskImageReader> OpenAsync(ImageChain chain, IByteSource source, CancellationToken cancellationToken)
    {
        var (header, cluster) = await ReadHeaderAsync(source, cancellationToken).ConfigureAwait(false);
        var backing = ReadBackingName(header, cluster, source);
        var nameOffset = backing is null ? cluster.Length : (int)header.BackingFileOffset;
        var extensions = HeaderExtensions.Read(cluster.AsSpan(0, Math.Max(nameOffset, (int)header.HeaderLength)), (int)header.HeaderLength, source.Name);
        HeaderCheck.Require(header, extensions, chain.Options.AllowInternalSnapshots, source);
        var geometry = new Qcow2Geometry((long)header.DiskSize, (int)header.ClusterBits, header.Incompatible.HasFlag(IncompatibleFeatures.ExtendedL2));
        HeaderCheck.RequireL1(header, geometry, source);

        var data = await OpenDataFileAsync(chain, header, extensions, source, cancellationToken).ConfigureAwait(false);
        try
        {
            var parent = await BackingFile.OpenAsync(chain, backing, extensions.BackingFormat, cancellationToken).ConfigureAwait(false);
            return new Qcow2Reader(source, data, parent, header, geometry, chain.Cache, Describe(header, extensions, backing), ContentOf(header, cluster));
        }
        catch
        {
            if (data is not null)
            {
                await data.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>Reads the header and the cluster that it stands in.</summary>
    private static async ValueTask<(Qcow2Header Header, byte[] Cluster)> ReadHeaderAsync(IByteSource source, CancellationToken cancellationToken)
    {
        SourceBounds.Require(source, 0, Qcow2Header.Version2Size, "QCOW2 header");
        var start = new byte[Math.Min(Qcow2Header.Size, source.Length)];
        await source.ReadAsync(0, start, cancellationToken).ConfigureAwait(false);
        var version = Qcow2Header.VersionOf(start);
        if (version is not 2 and not 3)
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"QCOW version {version} cannot be read; convert it with qemu-img.", source.Name, 4);
        }

        if (version == 3)
        {
            SourceBounds.Require(source, 0, Qcow2Header.Version3Size, "QCOW2 header");
        }

        var header = Qcow2Header.Read(start);
        HeaderCheck.RequireClusterBits(header, source);
        var cluster = new byte[Math.Min(1L << (int)header.ClusterBits, source.Length)];
        await source.ReadAsync(0, cluster, cancellationToken).ConfigureAwait(false);
        return header.HeaderLength >= (version == 2 ? Qcow2Header.Version2Size : Qcow2Header.Version3Size) && header.HeaderLength <= cluster.Length
            ? (header, cluster)
            : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"A header of {header.HeaderLength} bytes is impossible.", source.Name, 100);
    }

    private static string? ReadBackingName(Qcow2Header header, ReadOnlySpan<byte> cluster, IByteSource source)
    {
        if (header.BackingFileOffset == 0)
        {
            return null;
        }

        return header.BackingFileSize is > 0 and <= MaximumBackingName && header.BackingFileOffset <= (ulong)cluster.Length - Math.Min((ulong)cluster.Length, header.BackingFileSize)
            ? Encoding.UTF8.GetString(cluster.Slice((int)header.BackingFileOffset, (int)header.BackingFileSize))
            : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The name of the backing file does not lie within the header.", source.Name, 8);
    }

    private static async ValueTask<IByteSource?> OpenDataFileAsync(
        ImageChain chain, Qcow2Header header, HeaderExtensions extensions, IByteSource source, CancellationToken cancellationToken)
    {
        if (!header.Incompatible.HasFlag(IncompatibleFeatures.DataFile))
        {
            return null;
        }

        var name = extensions.DataFile
            ?? throw new InvalidDiskImageException(DiskImageErrors.MissingFile, "The image keeps its data in another file and does not say in which.", source.Name);
        ReferencedName.Require(name, "data file", source.Name);
        return name != chain.Name
            ? await chain.Files.OpenAsync(name, cancellationToken).ConfigureAwait(false)
            : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The image is its own data file.", source.Name);
    }

    /// <summary>What the image holds as far as Ferry recorded it and nobody has written to the image since.</summary>
    private static string? ContentOf(Qcow2Header header, ReadOnlySpan<byte> cluster) =>
        header.Autoclear.HasFlag(AutoclearFeatures.Untouched)
        && header.HeaderLength == Qcow2Header.Size
        && cluster.Length >= Qcow2Layout.HeaderSector
        && HeaderExtension.Read(cluster[Qcow2Header.Size..]).Type == HeaderExtension.FerryRecord
        && ImageRecord.TryRead(cluster[Qcow2Layout.RecordOffset..]) is { State: ImageRecordState.Applied } record
            ? record.ContentId
            : null;

    private static Dictionary<string, string> Describe(Qcow2Header header, HeaderExtensions extensions, string? backing)
    {
        var properties = new Dictionary<string, string>
        {
            ["compat"] = header.Version == 2 ? "0.10" : "1.1",
            ["compression type"] = header.CompressionType == (byte)Qcow2Compression.Zstd ? "zstd" : "zlib",
            ["refcount bits"] = Text(1 << (int)header.RefcountOrder),
        };
        Add(header.Compatible.HasFlag(CompatibleFeatures.LazyRefcounts), "lazy refcounts", "true");
        Add(header.Incompatible.HasFlag(IncompatibleFeatures.Dirty), "dirty", "true");
        Add(header.Incompatible.HasFlag(IncompatibleFeatures.ExtendedL2), "extended l2", "true");
        Add(header.Snapshots > 0, "internal snapshots", Text(header.Snapshots));
        Add(backing is not null, "backing file", backing);
        Add(backing is not null && extensions.BackingFormat is not null, "backing file format", extensions.BackingFormat);
        Add(header.Incompatible.HasFlag(IncompatibleFeatures.DataFile), "data file", extensions.DataFile);
        Add(header.Autoclear.HasFlag(AutoclearFeatures.RawDataFile), "data file raw", "true");
        return properties;

        void Add(bool holds, string name, string? value)
        {
            if (holds)
            {
                properties[name] = value!;
            }
        }

        static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
