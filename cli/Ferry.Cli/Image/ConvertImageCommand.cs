using System.CommandLine;
using Ferry.DiskImages;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Cli.Image;

/// <summary><c>ferry image convert</c>.</summary>
internal static class ConvertImageCommand
{
    /// <summary>Standard input as source, standard output as target: raw streams.</summary>
    private const string Stream = "-";

    private const nint StandardOutput = 1;

    public static Command Create()
    {
        var source = ImageArguments.Image("SOURCE", "or - for a raw stream from standard input, which is kept in a temporary file beside the target first");
        var target = new Argument<string>("TARGET")
        {
            Description = "The file to write, or a block device with --overwrite, or - for a raw stream to standard output. A complete file is not overwritten without --overwrite.",
        };
        var format = ImageArguments.Format();
        var active = ImageArguments.ActiveState();
        var output = new Option<DiskImageFormat?>("--output-format", "-O")
        {
            Description = "Format to write. By default vhdx, raw for a stream.", CustomParser = ImageArguments.Parse,
        };
        var settings = new Option<string[]>("-o", "--options")
        {
            Description = "Options of the format, as KEY=VALUE,...: subformat, block_size, cluster_size, ... An unknown one is answered with those that there are.",
        };
        var compress = new Option<bool>("--compress", "-c") { Description = "Write the format's compressed variant." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace a complete file at the target path, or what a block device holds." };
        var sync = new Option<bool>("--sync") { Description = "Return only when the image would survive a loss of power." };
        var json = ImageArguments.Json();
        var command = new Command("convert", "Convert an image; what is zero takes no space.")
        {
            source, target, format, active, output, settings, compress, overwrite, sync, json,
        };
        command.SetWork(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetValue(target)!;
            var isStream = path == Stream;
            var to = parsed.GetValue(output) ?? (isStream ? DiskImageFormat.Raw : DiskImageFormat.Vhdx);
            var given = new ImageConvertOptions { Overwrite = parsed.GetValue(overwrite), Durable = parsed.GetValue(sync) };
            var options = ImageTargetOptions.Parse(to, parsed.GetValue(settings) ?? [], parsed.GetValue(compress), given);
            if (isStream && (to != DiskImageFormat.Raw || parsed.GetValue(json)))
            {
                throw new ArgumentException("Only a raw disk can be written to standard output, and nothing else with it; leave --json out, or name a file");
            }

            await using var opened = await OpenAsync(
                parsed.GetValue(source)!, ImageArguments.Opening(parsed.GetValue(format), parsed.GetValue(active)), path, cancellationToken);
            if (isStream)
            {
                await StreamAsync(opened.Reader, cancellationToken);
                return null;
            }

            var result = await ConvertAsync(opened.Reader, path, to, options, cancellationToken);
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

    private static async Task<OpenedImage> OpenAsync(string source, DiskImageOpenOptions options, string target, CancellationToken cancellationToken)
    {
        if (source != Stream)
        {
            return await OpenedImage.OpenAsync(source, options, cancellationToken);
        }

        if (options.Format is not null and not DiskImageFormat.Raw)
        {
            throw new ArgumentException("Only a raw disk can be read from standard input; leave -f out, or name a file");
        }

        // Beside the target, where there is room for a disk; a device or a stream has no such place.
        var isFile = target != Stream && !target.StartsWith("/dev/", StringComparison.Ordinal);
        var folder = isFile ? Path.GetDirectoryName(Path.GetFullPath(target))! : Path.GetTempPath();
        return await OpenedImage.OpenInputAsync(Console.OpenStandardInput(), folder, cancellationToken);
    }

    private static async Task StreamAsync(IDiskImageReader reader, CancellationToken cancellationToken)
    {
        await using var stream = OpenOutput();
        try
        {
            await ImageStreamer.CopyAsync(reader, stream, cancellationToken);
        }
        catch (IOException e)
        {
            throw new ImageTargetException(new DiskImageException(DiskImageErrors.InputOutput, $"Standard output cannot be written: {e.Message}", inner: e));
        }
    }

    /// <summary>The stream of the console takes a pipe that nobody reads any more for a success.</summary>
    private static System.IO.Stream OpenOutput() => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);

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
