using System.CommandLine;

namespace Ferry.Cli.Image;

/// <summary><c>ferry image</c>: the disk library alone.</summary>
internal static class ImageCommands
{
    /// <summary>Creates the command with all its subcommands.</summary>
    public static Command Create() => new("image", "Read, convert, compare and check disk images.")
    {
        InfoCommand.Create(),
        ConvertImageCommand.Create(),
        CompareCommand.Create(),
        CheckImageCommand.Create(),
        MapCommand.Create(),
        HashCommand.Create(),
    };
}
