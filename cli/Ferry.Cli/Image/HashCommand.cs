using System.CommandLine;
using Ferry.DiskImages;

namespace Ferry.Cli.Image;

/// <summary><c>ferry image hash</c>.</summary>
internal static class HashCommand
{
    public static Command Create()
    {
        var image = ImageArguments.Image();
        var format = ImageArguments.Format();
        var active = ImageArguments.ActiveState();
        var json = ImageArguments.Json();
        var command = new Command("hash", "SHA-256 of the raw content, without writing it.") { image, format, active, json };
        command.SetWork(async (parsed, cancellationToken) =>
        {
            await using var opened = await OpenedImage.OpenAsync(
                parsed.GetValue(image)!, ImageArguments.Opening(parsed.GetValue(format), parsed.GetValue(active)), cancellationToken);
            var sha256 = await ImageHasher.ComputeAsync(opened.Reader, null, cancellationToken);
            if (parsed.GetValue(json))
            {
                parsed.PrintJson(new { opened.Reader.Capacity, sha256 });
            }
            else
            {
                parsed.Print(sha256);
            }

            return null;
        });
        return command;
    }
}
