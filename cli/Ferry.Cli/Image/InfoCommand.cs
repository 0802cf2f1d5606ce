using System.CommandLine;

namespace Ferry.Cli.Image;

/// <summary><c>ferry image info</c>.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        var image = ImageArguments.Image();
        var format = ImageArguments.Format();
        var active = ImageArguments.ActiveState();
        var json = ImageArguments.Json();
        var command = new Command("info", "What an image is: format, size, files.") { image, format, active, json };
        command.SetWork(async (parsed, cancellationToken) =>
        {
            await using var opened = await OpenedImage.OpenAsync(
                parsed.GetValue(image)!, ImageArguments.Opening(parsed.GetValue(format), parsed.GetValue(active)), cancellationToken);
            var info = opened.Reader.Info;
            if (parsed.GetValue(json))
            {
                parsed.PrintJson(info);
                return null;
            }

            parsed.Print($"format:        {info.Format.ToString().ToLowerInvariant()}{(info.Variant is null ? "" : $" ({info.Variant})")}");
            parsed.Print($"virtual size:  {info.Capacity} bytes");
            parsed.Print($"sector size:   {info.LogicalSectorSize} logical, {info.PhysicalSectorSize} physical");
            if (info.BlockSize > 0)
            {
                parsed.Print($"block size:    {info.BlockSize} bytes");
            }

            if (info.DiskId is { } id)
            {
                parsed.Print($"disk id:       {id}");
            }

            foreach (var (name, value) in info.Properties)
            {
                parsed.Print($"{name + ":",-14} {value}");
            }

            foreach (var file in info.Files)
            {
                parsed.Print($"file:          {file}");
            }

            return null;
        });
        return command;
    }
}
