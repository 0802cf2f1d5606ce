using System.CommandLine;
using Ferry.Cli.Commands;
using Ferry.Cli.Output;
using Ferry.Contracts;
using Ferry.DiskImages;

namespace Ferry.Cli;

/// <summary>The command line: parses, runs, and turns every outcome into an exit code and a line.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Ferry moves machines: VMware virtual machines become Hyper-V virtual machines, proven complete.")
        {
            ConvertCommand.Create(), InspectCommand.Create(), CheckCommand.Create(), Image.ImageCommands.Create(), ServeCommand.Create(),
            ListCommand.Create(), StatusCommand.Create(), WatchCommand.Create(), PauseCommands.Pause(), PauseCommands.Resume(), CancelCommand.Create(), RetryCommand.Create(), ReportCommand.Create(),
            Store.StoreCommands.Create(), DeadLettersCommand.Create(), ResidueCommand.Create(),
            Transfers.TransferCommands.Create(), Transfers.LimitsCommands.Create(),
            Library.LibraryCommands.Create(),
        };
        var parsed = root.Parse(RehearseOption.Complete(args));
        if (parsed.Errors.Count > 0)
        {
            Errors.Print(new Failure
            {
                Code = "USAGE", Message = string.Join(" ", parsed.Errors.Select(error => error.Message)), Remedy = "See ferry --help",
            });
            return ExitCode.Usage;
        }

        try
        {
            using var interruption = new Interruption();

            // The library's own handler begins late, behind the first wait of a command, and does not wait for its end.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, interruption.Token);
        }
        catch (CliException exception)
        {
            Errors.Print(exception.Failure);
            return exception.ExitCode;
        }
        catch (DiskImageException exception)
        {
            Errors.Print(Errors.From(exception));
            return ExitCode.Of(exception.Code, atSource: true);
        }
        catch (OperationCanceledException)
        {
            Errors.Print(new Failure { Code = "CANCELLED", Message = "Interrupted", Remedy = "Run the command again" });
            return ExitCode.Cancelled;
        }
#pragma warning disable CA1031 // The last line of defence: a fault of Ferry is an error line and a code too, with the stack for the report of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Errors.Print(new Failure
            {
                Code = "INTERNAL_ERROR", Message = $"{exception.GetType().Name}: {exception.Message}", Remedy = "Report it with the lines below",
            });
            await Console.Error.WriteLineAsync(exception.StackTrace);
            return ExitCode.StepFailed;
        }
    }
}
