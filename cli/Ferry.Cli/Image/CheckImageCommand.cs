using System.CommandLine;
using Ferry.DiskImages;

namespace Ferry.Cli.Image;

/// <summary><c>ferry image check</c>.</summary>
internal static class CheckImageCommand
{
    public static Command Create()
    {
        var image = ImageArguments.Image();
        var format = ImageArguments.Format();
        var data = new Option<bool>("--data") { Description = "Read all data as well: finds damaged compressed data, and what the disk below the file cannot give." };
        var active = ImageArguments.ActiveState();
        var json = ImageArguments.Json();
        var command = new Command("check", "Check an image: every table; that all it names is there and nothing stands twice; what belongs to nothing. The exit code is 5 when something is wrong.")
        {
            image, format, active, data, json,
        };
        command.SetWork(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetValue(image)!;
            var (result, of) = await CheckAsync(path, ImageArguments.Opening(parsed.GetValue(format), parsed.GetValue(active)), parsed.GetValue(data), cancellationToken);
            if (parsed.GetValue(json))
            {
                parsed.PrintJson(new { filename = path, format = of, result.IsClean, result.ErrorCount, result.Errors, result.AllocatedBytes, result.FileBytes, result.LeakedBytes });
            }
            else
            {
                Print(parsed, result);
            }

            return result.IsClean ? null : ExitCode.StepFailed;
        });
        return command;
    }

    /// <summary>What is wrong with the headers is found when the image is opened.</summary>
    private static async Task<(ImageCheckResult Result, DiskImageFormat? Format)> CheckAsync(
        string image, DiskImageOpenOptions options, bool readData, CancellationToken cancellationToken)
    {
        try
        {
            await using var opened = await OpenedImage.OpenAsync(image, options, cancellationToken);
            return (await ImageChecker.CheckAsync(opened.Reader, readData, cancellationToken), opened.Reader.Info.Format);
        }
        catch (InvalidDiskImageException e) when (e.Code is DiskImageErrors.Corrupt or DiskImageErrors.Truncated or DiskImageErrors.Incomplete)
        {
            var error = new ImageCheckError { Code = e.Code, Message = e.Message, File = e.File, Offset = e.Offset };
            return (new ImageCheckResult { Errors = [error], ErrorCount = 1, AllocatedBytes = 0, FileBytes = null, LeakedBytes = 0 }, options.Format);
        }
    }

    private static void Print(ParseResult parsed, ImageCheckResult result)
    {
        foreach (var error in result.Errors)
        {
            var where = (error.File, error.Offset) switch { (null, _) => "", (_, null) => $"; {error.File}", _ => $"; {error.File} at offset {error.Offset}" };
            parsed.Print($"{error.Code}: {error.Message.TrimEnd('.')}{where}");
        }

        parsed.Print(result.IsClean ? "No errors were found." : $"{result.ErrorCount} errors were found; copy or convert the image again.");
        parsed.Print($"{result.AllocatedBytes} bytes of the disk are stored{(result.FileBytes is null ? "" : $", in files of {result.FileBytes} bytes")}.");
        if (result.LeakedBytes > 0)
        {
            parsed.Print($"{result.LeakedBytes} bytes of the files belong to nothing. They do no harm; converting the image frees them.");
        }
    }
}
