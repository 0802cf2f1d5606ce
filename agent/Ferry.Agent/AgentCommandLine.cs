using System.CommandLine;
using System.Runtime.InteropServices;
using Ferry.Agent.Capture;
using Ferry.Agent.Inventory;
using Ferry.Contracts;
using Ferry.DiskImages;

namespace Ferry.Agent;

/// <summary>The command line: parses, runs, and turns every outcome into an exit code and a line.</summary>
internal static class AgentCommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("ferry-agent runs on a machine that moves: it says what the machine is, and sends its disks to Ferry.") { InventoryCommand.Create(), CaptureCommand.Create() };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Fail(new Failure { Code = AgentErrors.Usage, Message = string.Join(" ", parsed.Errors.Select(error => error.Message)), Remedy = "See ferry-agent --help" });
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (AgentException exception)
        {
            return Fail(exception.Failure);
        }
        catch (DiskImageException exception)
        {
            return Fail(new Failure { Code = exception.Code, Message = exception.Message, Where = exception.Where, Remedy = "Check the disk, and that the agent runs as root" });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Fail(new Failure { Code = AgentErrors.Cancelled, Message = "Interrupted", Remedy = "Run the same command again: it goes on behind what has arrived" });
        }
#pragma warning disable CA1031 // The last line of defence: a fault of the agent is an error line and a code too, with the stack for the report of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var code = Fail(new Failure { Code = AgentErrors.Internal, Message = $"{exception.GetType().Name}: {exception.Message}", Remedy = "Report it with the lines below" });
            await Console.Error.WriteLineAsync(exception.StackTrace);
            return code;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            if (stop.IsCancellationRequested)
            {
                Environment.Exit(ExitCode.Cancelled);
            }

            stop.Cancel();
        }
    }

    private static int Fail(Failure failure)
    {
        var parts = new[] { failure.Message, failure.Where, failure.Remedy }.Select(OneLine).Where(part => part.Length > 0);
        Console.Error.WriteLine($"error[{failure.Code}]: {string.Join("; ", parts)}");
        return ExitCode.Of(failure.Code);
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).TrimEnd('.', ' ');
}
