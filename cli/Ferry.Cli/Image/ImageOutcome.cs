using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ferry.Cli.Output;
using Ferry.Contracts;
using Ferry.DiskImages;

namespace Ferry.Cli.Image;

/// <summary>Turns what an image command does into exit code and messages.</summary>
internal static class ImageOutcome
{
    /// <summary>What <c>compare</c> answers when the images differ, as qemu-img does.</summary>
    public const int Different = 1;

    private static readonly JsonSerializerOptions JsonFormat = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Makes a command's action of work that gives null or an exit code.</summary>
    public static void SetWork(this Command command, Func<ParseResult, CancellationToken, Task<int?>> work) => command.SetAction(async (parsed, cancellationToken) =>
    {
        try
        {
            return await work(parsed, cancellationToken) ?? ExitCode.Done;
        }
        catch (ImageTargetException e)
        {
            return Fail(parsed, Errors.From(e.Failure), ExitCode.StepFailed);
        }
        catch (DiskImageException e)
        {
            return Fail(parsed, Errors.From(e), ExitCode.Of(e.Code, atSource: true));
        }
        catch (ArgumentException e)
        {
            return Fail(parsed, new Failure { Code = "USAGE", Message = e.Message, Remedy = $"See ferry image {command.Name} --help" }, ExitCode.Usage);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Fail(parsed, new Failure { Code = "CANCELLED", Message = "Interrupted", Remedy = "Run the command again" }, ExitCode.Cancelled);
        }
    });

    /// <summary>Prints one JSON document.</summary>
    public static void PrintJson<T>(this ParseResult parsed, T value) =>
        parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(value, JsonFormat));

    /// <summary>Prints a line.</summary>
    public static void Print(this ParseResult parsed, string line) => parsed.InvocationConfiguration.Output.WriteLine(line);

    private static int Fail(ParseResult parsed, Failure failure, int exitCode)
    {
        parsed.InvocationConfiguration.Error.WriteLine(Errors.Line(failure));
        return exitCode;
    }
}
