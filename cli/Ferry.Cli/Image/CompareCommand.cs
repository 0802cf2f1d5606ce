using System.CommandLine;
using Ferry.DiskImages;

namespace Ferry.Cli.Image;

/// <summary><c>ferry image compare</c>.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var first = ImageArguments.Image("FIRST");
        var second = ImageArguments.Image("SECOND");
        var format = ImageArguments.Format();
        var secondFormat = ImageArguments.Format("--second-format", "-F");
        var active = ImageArguments.ActiveState();
        var strict = new Option<bool>("--strict", "-s") { Description = "Disks of different size differ, even where the longer one's rest is zero." };
        var json = ImageArguments.Json();
        var command = new Command("compare", "Compare the content of two images; the exit code is 1 when they differ.")
        {
            first, second, format, secondFormat, active, strict, json,
        };
        command.SetWork(async (parsed, cancellationToken) =>
        {
            await using var a = await OpenedImage.OpenAsync(
                parsed.GetValue(first)!, ImageArguments.Opening(parsed.GetValue(format), parsed.GetValue(active)), cancellationToken);
            await using var b = await OpenedImage.OpenAsync(
                parsed.GetValue(second)!, ImageArguments.Opening(parsed.GetValue(secondFormat), parsed.GetValue(active)), cancellationToken);
            var result = await ImageComparer.CompareAsync(a.Reader, b.Reader, null, cancellationToken);
            var identical = result.FirstDifference is null && (result.SameCapacity || !parsed.GetValue(strict));
            if (parsed.GetValue(json))
            {
                parsed.PrintJson(new { identical, result.SameCapacity, result.FirstDifference });
            }
            else
            {
                parsed.Print(result switch
                {
                    { FirstDifference: { } offset } => $"The images differ at byte {offset}.",
                    { SameCapacity: false } => "The images have the same content; the longer one's rest is zero.",
                    _ => "The images are identical.",
                });
            }

            return identical ? null : ImageOutcome.Different;
        });
        return command;
    }
}
