using Ferry.Contracts;
using Ferry.DiskImages;

namespace Ferry.Cli.Output;

/// <summary>Errors on standard error, in the contract's form: <c>error[CODE]: what; where; what to do</c>, always one line.</summary>
internal static class Errors
{
    public static void Print(Failure failure) => Console.Error.WriteLine(Line(failure));

    /// <summary>The line of a failure.</summary>
    public static string Line(Failure failure)
    {
        var parts = new[] { failure.Message, failure.Where, failure.Remedy }.Select(OneLine).Where(part => part.Length > 0);
        return $"error[{failure.Code}]: {string.Join("; ", parts)}";
    }

    /// <summary>The failure of a disk image, as the library knows it.</summary>
    public static Failure From(DiskImageException exception) => new()
    {
        Code = exception.Code,
        Message = exception.Message,
        Where = exception.Where,
        Remedy = Remedy(exception.Code),
    };

    private static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).TrimEnd('.', ' ');

    private static string Remedy(string code) => code switch
    {
        DiskImageErrors.UnknownFormat => "Check the file; a raw disk has to be named as one: -f raw",
        DiskImageErrors.UnsupportedVariant => "Consolidate its snapshots, or export it again",
        DiskImageErrors.Truncated or DiskImageErrors.Corrupt or DiskImageErrors.Incomplete => "Copy or export it again: this copy of it is damaged or not complete",
        DiskImageErrors.ForbiddenReference => "Put all files of the image into one folder, and write bare file names into its descriptor",
        DiskImageErrors.MissingFile => "Check the name; all files of an image belong into one folder",
        DiskImageErrors.SourceChanged => "Stop what writes to it, then run the command again",
        DiskImageErrors.InputOutput => "Check disk, permissions or network, then run the command again",
        DiskImageErrors.NoSpace => "Make room on the target's disk, then run the command again",
        DiskImageErrors.Exists => "Choose another target, or remove the file",
        _ => "See docs/errors.md",
    };
}
