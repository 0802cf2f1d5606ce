using System.Globalization;
using Ferry.DiskImages;

namespace Ferry.Cli.Image;

/// <summary>What <c>-o KEY=VALUE,...</c> says of a target, with the names that qemu-img has for it.</summary>
internal static class ImageTargetOptions
{
    private const string DiskIdKey = "disk_id";

    private delegate ImageConvertOptions Apply(DiskImageFormat format, string key, string value, ImageConvertOptions options);

    /// <summary>The keys of a format.</summary>
    private static Dictionary<string, Apply> KeysOf(DiskImageFormat format) => format switch
    {
        DiskImageFormat.Vmdk => new() { ["subformat"] = Variant, ["grain_size"] = BlockSize, [DiskIdKey] = DiskId },
        DiskImageFormat.Vhdx => new() { ["subformat"] = Variant, ["block_size"] = BlockSize, [DiskIdKey] = DiskId },
        DiskImageFormat.Vhd => new() { ["subformat"] = Variant, ["block_size"] = BlockSize, ["force_size"] = Always("on"), [DiskIdKey] = DiskId },
        DiskImageFormat.Qcow2 => new() { ["cluster_size"] = BlockSize, ["compat"] = Always("1.1", "v3"), ["compression_type"] = Always("zlib") },
        DiskImageFormat.Vdi => new() { ["static"] = Always("off"), ["block_size"] = BlockSize, [DiskIdKey] = DiskId },
        _ => [],
    };

    /// <summary>Adds to the options what the keys say.</summary>
    /// <param name="format">Format to write.</param>
    /// <param name="given">The texts given with <c>-o</c>.</param>
    /// <param name="compress">Whether the format's compressed variant is asked for.</param>
    /// <param name="options">The options so far.</param>
    /// <exception cref="ArgumentException">The format has no such key or value.</exception>
    public static ImageConvertOptions Parse(DiskImageFormat format, IEnumerable<string> given, bool compress, ImageConvertOptions options)
    {
        var known = KeysOf(format);
        foreach (var pair in given.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (pair, "on") : (pair[..equals], pair[(equals + 1)..]);
            if (!known.TryGetValue(key, out var apply))
            {
                var keys = known.Count == 0 ? "it has none" : $"it has {string.Join(", ", known.Keys)}";
                throw new ArgumentException($"The format {NameOf(format)} has no option \"{key}\"; {keys}");
            }

            options = apply(format, key, value, options);
        }

        return compress ? Compress(format, options) : options;
    }

    /// <summary>A format as it is written on the command line.</summary>
    public static string NameOf(DiskImageFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>A variant as the formats themselves name it.</summary>
    public static string NameOf(DiskImageVariant variant) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(variant.ToString());

    private static ImageConvertOptions Compress(DiskImageFormat format, ImageConvertOptions options)
    {
        var compressed = DiskImageVariants.Of(format).FirstOrDefault(v => v is DiskImageVariant.Compressed or DiskImageVariant.StreamOptimized);
        return compressed == DiskImageVariant.Default ? throw new ArgumentException($"The format {NameOf(format)} cannot be compressed; leave -c out, or choose another format")
            : options.Variant is DiskImageVariant.Default || options.Variant == compressed ? options with { Variant = compressed }
            : throw new ArgumentException($"A disk of the subformat {NameOf(options.Variant)} cannot be compressed; leave -c out, or choose {NameOf(compressed)}");
    }

    private static ImageConvertOptions Variant(DiskImageFormat format, string key, string value, ImageConvertOptions options)
    {
        foreach (var variant in DiskImageVariants.Of(format))
        {
            if (NameOf(variant).Equals(value, StringComparison.OrdinalIgnoreCase))
            {
                return options with { Variant = variant };
            }
        }

        throw Wrong(format, key, value, string.Join(", ", DiskImageVariants.Of(format).Select(NameOf)));
    }

    private static ImageConvertOptions BlockSize(DiskImageFormat format, string key, string value, ImageConvertOptions options) =>
        options with { BlockSize = ImageArguments.TryParseSize(value) ?? throw Wrong(format, key, value, "a size, for example 64K or 2M") };

    private static ImageConvertOptions DiskId(DiskImageFormat format, string key, string value, ImageConvertOptions options) =>
        options with { DiskId = Guid.TryParse(value, CultureInfo.InvariantCulture, out var id) ? id : throw Wrong(format, key, value, "a UUID") };

    /// <summary>A key of qemu-img of which Ferry has one value only.</summary>
    private static Apply Always(params string[] values) => (format, key, value, options) =>
        values.Contains(value, StringComparer.OrdinalIgnoreCase) ? options : throw Wrong(format, key, value, string.Join(" or ", values));

    private static ArgumentException Wrong(DiskImageFormat format, string key, string value, string allowed) =>
        new($"The option \"{key}\" of the format {NameOf(format)} cannot be \"{value}\"; it is {allowed}");
}
