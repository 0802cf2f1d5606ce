using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ferry.DiskImages;

namespace Ferry.Cli.Image;

/// <summary>Turns what an image command does into exit code and messages.</summary>
internal static class ImageOutcome
{
    /// <summary>What <c>compare</c> answers when the images differ, as qemu-img does.</summary>
    public const int Different = 1;

    private const int Done = 0;
    private const int Usage = 2;
    private const int SourceUnreadable = 3;
    private const int StepFailed = 5;
    private const int Cancelled = 6;

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
            return await work(parsed, cancellationToken) ?? Done;
        }
        catch (ImageTargetException e)
        {
            return Fail(parsed, e.Failure, StepFailed);
        }
        catch (DiskImageException e)
        {
            return Fail(parsed, e, SourceUnreadable);
        }
        catch (ArgumentException e)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"error[USAGE]: {e.Message}");
            return Usage;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync("error[CANCELLED]: Interrupted");
            return Cancelled;
        }
    });

    /// <summary>Prints one JSON document.</summary>
    public static void PrintJson<T>(this ParseResult parsed, T value) =>
        parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(value, JsonFormat));

    /// <summary>Prints a line.</summary>
    public static void Print(this ParseResult parsed, string line) => parsed.InvocationConfiguration.Output.WriteLine(line);

    private static int Fail(ParseResult parsed, DiskImageException e, int exitCode)
    {
        var where = e.Where.Length == 0 ? "" : $"; {e.Where}";
        parsed.InvocationConfiguration.Error.WriteLine($"error[{e.Code}]: {e.Message.TrimEnd('.')}{where}");
        return exitCode;
    }
}
