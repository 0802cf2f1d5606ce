using Ferry.Contracts;
using Ferry.DiskImages;

namespace Ferry.Cli.Output;

/// <summary>Errors on standard error, in the contract's form: <c>error[CODE]: what; where; what to do</c>.</summary>
internal static class Errors
{
    public static void Print(Failure failure)
    {
        var parts = new[] { failure.Message.TrimEnd('.'), failure.Where, failure.Remedy.TrimEnd('.') }.Where(part => part.Length > 0);
        Console.Error.WriteLine($"error[{failure.Code}]: {string.Join("; ", parts)}");
    }

    /// <summary>The failure of a disk image, as the library knows it.</summary>
    public static Failure From(DiskImageException exception) => new()
    {
        Code = exception.Code,
        Message = exception.Message,
        Where = exception.Where,
    };
}
