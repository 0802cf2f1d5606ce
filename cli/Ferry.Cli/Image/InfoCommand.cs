using System.CommandLine;
using System.Globalization;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Cli.Image;

/// <summary><c>ferry image info</c>.</summary>
internal static class InfoCommand
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    public static Command Create()
    {
        var image = ImageArguments.Image();
        var format = ImageArguments.Format();
        var active = ImageArguments.ActiveState();
        var json = ImageArguments.Json();
        var command = new Command("info", "What an image is: format, sizes, identity, files, the images below it.") { image, format, active, json };
        command.SetWork(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetValue(image)!;
            await using var opened = await OpenedImage.OpenAsync(path, ImageArguments.Opening(parsed.GetValue(format), parsed.GetValue(active)), cancellationToken);
            var info = opened.Reader.Info;
            var onDisk = await BytesOnDiskAsync(path, info, cancellationToken);
            if (parsed.GetValue(json))
            {
                parsed.PrintJson(new ImageInfoDocument(path, info, onDisk));
                return null;
            }

            parsed.Print($"image:         {path}");
            Print(parsed, info, onDisk, "");
            return null;
        });
        return command;
    }

    /// <summary>What the image's own files take on their disk, holes not counted; null where that is not a local disk.</summary>
    private static async Task<long?> BytesOnDiskAsync(string image, DiskImageInfo info, CancellationToken cancellationToken)
    {
        if (!File.Exists(image))
        {
            return null;
        }

        long sum = 0;
        var folder = Path.GetDirectoryName(Path.GetFullPath(image))!;
        foreach (var name in info.Files.Take(info.Files.Count - (info.Parent?.Files.Count ?? 0)))
        {
            await using var file = FileByteSource.Open(Path.Combine(folder, name), name, allowDevice: true);
            await foreach (var extent in file.GetExtentsAsync(0, file.Length, cancellationToken))
            {
                sum += extent.Kind == ExtentKind.Data ? extent.Length : 0;
            }
        }

        return sum;
    }

    private static void Print(ParseResult parsed, DiskImageInfo info, long? onDisk, string indent)
    {
        Line("format", ImageTargetOptions.NameOf(info.Format) + (info.Variant is null ? "" : $" ({info.Variant})"));
        Line("virtual size", Size(info.Capacity));
        Line("disk size", onDisk is null ? null : Size(onDisk.Value));
        Line("sector size", $"{info.LogicalSectorSize} logical, {info.PhysicalSectorSize} physical");
        Line("block size", info.BlockSize > 0 ? Size(info.BlockSize) : null);
        Line("disk id", info.DiskId?.ToString());
        Line("content id", info.ContentId);
        foreach (var (key, value) in info.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            Line(key, value);
        }

        foreach (var file in info.Files.Take(info.Files.Count - (info.Parent?.Files.Count ?? 0)))
        {
            Line("file", file);
        }

        if (info.Parent is not null)
        {
            parsed.Print($"{indent}upon:");
            Print(parsed, info.Parent, onDisk: null, indent + "  ");
        }

        void Line(string name, string? value)
        {
            if (value is not null)
            {
                parsed.Print($"{indent}{name + ":",-14} {value}");
            }
        }
    }

    private static string Size(long bytes)
    {
        var unit = 0;
        var value = (double)bytes;
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
        {
            value /= 1024;
        }

        var exact = string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
        return unit == 0 ? exact : string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {Units[unit]} ({exact})");
    }
}
