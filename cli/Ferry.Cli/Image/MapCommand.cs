using System.CommandLine;

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
        var command = new Command("map", "The extents of an image: data, zero, unallocated.") { image, format, active, json };
        command.SetWork(async (parsed, cancellationToken) =>
        {
            await using var opened = await OpenedImage.OpenAsync(
                parsed.GetValue(image)!, ImageArguments.Opening(parsed.GetValue(format), parsed.GetValue(active)), cancellationToken);
            var extents = opened.Reader.GetExtentsAsync(0, opened.Reader.Capacity, cancellationToken);
            if (parsed.GetValue(json))
            {
                var list = await extents.Select(e => new { e.Offset, e.Length, e.Kind }).ToListAsync(cancellationToken);
                parsed.PrintJson(new { opened.Reader.Capacity, extents = list });
                return null;
            }

            await foreach (var extent in extents)
            {
                parsed.Print($"{extent.Offset,16} {extent.Length,16} {extent.Kind.ToString().ToLowerInvariant()}");
            }

            return null;
        });
        return command;
    }
}
