using System.Diagnostics;

namespace Ferry.EndToEnd.Tests;

/// <summary>Runs programs to their end.</summary>
internal static class Commands
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static Task<CommandResult> FerryAsync(params string[] arguments) => RunAsync(FerryRepository.Program, arguments);

    /// <summary>Runs ferry with a fault point: it kills itself there.</summary>
    public static Task<CommandResult> FaultyFerryAsync(string faultPoint, params string[] arguments) =>
        RunAsync(FerryRepository.Program, arguments, faultPoint);

    /// <summary>Runs ferry and presses Ctrl-C as soon as a condition holds.</summary>
    public static Task<CommandResult> InterruptedFerryAsync(Func<bool> when, params string[] arguments) =>
        // A test run in the background of a shell ignores the signal, and so would what it starts.
        RunAsync("/usr/bin/env", ["--default-signal=INT", FerryRepository.Program, .. arguments], interruptWhen: when);

    public static Task<CommandResult> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, faultPoint: null);

    private static async Task<CommandResult> RunAsync(string program, string[] arguments, string? faultPoint = null, Func<bool>? interruptWhen = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (faultPoint is not null)
        {
            start.Environment["FERRY_FAULT_POINT"] = faultPoint;
        }

        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            if (interruptWhen is not null)
            {
                await InterruptAsync(process, interruptWhen, limit.Token);
            }

            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task InterruptAsync(Process process, Func<bool> when, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!process.HasExited && !when())
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        if (!process.HasExited)
        {
            await RunAsync("kill", "-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Runs a tool that has to succeed; skips when it is not installed.</summary>
    public static async Task<string> ToolAsync(string program, params string[] arguments)
    {
        try
        {
            var result = await RunAsync(program, arguments);
            Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {result}");
            return result.Output;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            Assert.Skip($"{program} is not installed: {exception.Message}");
            throw;
        }
    }
}
