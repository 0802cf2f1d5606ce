using System.CommandLine;
using System.Text.Json;
using Ferry.DiskImages;

namespace Ferry.Cli.Image;

/// <summary><c>ferry image map</c>.</summary>
internal static class MapCommand
{
    public static Command Create()
    {
        var image = ImageArguments.Image();
        var format = ImageArguments.Format();
        var active = ImageArguments.ActiveState();
        var json = ImageArguments.Json();
        var command = new Command("map", "The extents of an image: data, zero, unallocated. The JSON has the fields of qemu-img map.") { image, format, active, json };
        command.SetWork(async (parsed, cancellationToken) =>
        {
            await using var opened = await OpenedImage.OpenAsync(
                parsed.GetValue(image)!, ImageArguments.Opening(parsed.GetValue(format), parsed.GetValue(active)), cancellationToken);
            var extents = opened.Reader.GetExtentsAsync(0, opened.Reader.Capacity, cancellationToken);
            if (parsed.GetValue(json))
            {
                await PrintJsonAsync(parsed, extents, hasParent: opened.Reader.Info.Parent is not null);
                return null;
            }

            parsed.Print($"{"Offset",16} {"Length",16} Kind");
            await foreach (var extent in extents)
            {
                parsed.Print($"{extent.Offset,16} {extent.Length,16} {extent.Kind.ToString().ToLowerInvariant()}");
            }

            return null;
        });
        return command;
    }

    /// <summary>An array, one extent a line as they come: an image may have millions. In which image of a chain an extent stands is not known, so depth is said only where there is none.</summary>
    private static async Task PrintJsonAsync(ParseResult parsed, IAsyncEnumerable<DiskExtent> extents, bool hasParent)
    {
        var before = "[";
        await foreach (var extent in extents)
        {
            var fields = new Dictionary<string, object>
            {
                ["start"] = extent.Offset,
                ["length"] = extent.Length,
                ["present"] = extent.Kind != ExtentKind.Unallocated,
                ["zero"] = extent.Kind != ExtentKind.Data,
                ["data"] = extent.Kind == ExtentKind.Data,
            };
            if (!hasParent)
            {
                fields["depth"] = 0;
            }

            parsed.InvocationConfiguration.Output.Write(before + JsonSerializer.Serialize(fields));
            before = ",\n ";
        }

        parsed.Print("]");
    }
}
