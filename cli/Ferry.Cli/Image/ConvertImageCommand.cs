using System.CommandLine;
using Ferry.DiskImages;

namespace Ferry.Cli.Image;

/// <summary><c>ferry image convert</c>.</summary>
internal static class ConvertImageCommand
{
    public static Command Create()
    {
        var source = ImageArguments.Image("SOURCE");
        var target = new Argument<string>("TARGET") { Description = "The file to write. A complete file is not overwritten without --overwrite." };
        var format = ImageArguments.Format();
        var output = new Option<DiskImageFormat?>("--output-format", "-O")
        {
            Description = "Format to write: vhdx, vhd, vdi or raw.", CustomParser = ImageArguments.Parse, DefaultValueFactory = _ => DiskImageFormat.Vhdx,
        };
        var blockSize = new Option<int>("--block-size") { Description = "Block size of the target, for example 32M.", CustomParser = ImageArguments.ParseSize };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace a complete file at the target path." };
        var sync = new Option<bool>("--sync") { Description = "Return only when the image would survive a loss of power." };
        var json = ImageArguments.Json();
        var command = new Command("convert", "Convert an image; what is zero takes no space.") { source, target, format, output, blockSize, overwrite, sync, json };
        command.SetWork(async (parsed, cancellationToken) =>
        {
            await using var opened = await OpenedImage.OpenAsync(parsed.GetValue(source)!, parsed.GetValue(format), cancellationToken);
            var options = new ImageConvertOptions
            {
                BlockSize = parsed.GetValue(blockSize), Overwrite = parsed.GetValue(overwrite), Durable = parsed.GetValue(sync),
            };
            var path = parsed.GetValue(target)!;
            var result = await ConvertAsync(opened.Reader, path, parsed.GetValue(output)!.Value, options, cancellationToken);
            if (parsed.GetValue(json))
            {
                parsed.PrintJson(new { target = path, result.Capacity, result.BytesRead, result.BytesWritten });
            }
            else
            {
                parsed.Print($"{path}: {result.Capacity} bytes, {result.BytesWritten} of them written");
            }

            return null;
        });
        return command;
    }

    /// <summary>A failure at the target path is told from one of the source.</summary>
    private static async Task<ImageConvertResult> ConvertAsync(
        IDiskImageReader reader, string path, DiskImageFormat format, ImageConvertOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await ImageConverter.ConvertAsync(reader, path, format, options, null, cancellationToken);
        }
        catch (DiskImageException e) when (e.File == path || e.Code is DiskImageErrors.NoSpace or DiskImageErrors.Exists)
        {
            throw new ImageTargetException(e);
        }
    }
}
