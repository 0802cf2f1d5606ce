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
        var active = ImageArguments.ActiveState();
        var json = ImageArguments.Json();
        var command = new Command("check", "Check an image: all tables, and all data that can be checked.") { image, format, active, json };
        command.SetWork(async (parsed, cancellationToken) =>
        {
            await using var opened = await OpenedImage.OpenAsync(
                parsed.GetValue(image)!, ImageArguments.Opening(parsed.GetValue(format), parsed.GetValue(active)), cancellationToken);
            var allocated = await AllocatedAsync(opened.Reader, cancellationToken);

            // Reading everything once finds damaged compressed grains and data that is not there.
            var digest = await ImageHasher.ComputeAsync(opened.Reader, null, cancellationToken);
            if (parsed.GetValue(json))
            {
                parsed.PrintJson(new { errors = 0, opened.Reader.Capacity, allocated, sha256 = digest });
            }
            else
            {
                parsed.Print($"No errors were found. {allocated} of {opened.Reader.Capacity} bytes are allocated.");
            }

            return null;
        });
        return command;
    }

    private static async Task<long> AllocatedAsync(IDiskImageReader reader, CancellationToken cancellationToken)
    {
        long allocated = 0;
        await foreach (var extent in reader.GetExtentsAsync(0, reader.Capacity, cancellationToken))
        {
            allocated += extent.Kind == ExtentKind.Data ? extent.Length : 0;
        }

        return allocated;
    }
}
