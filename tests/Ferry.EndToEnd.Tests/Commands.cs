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

    public static Task<CommandResult> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, faultPoint: null);

    private static async Task<CommandResult> RunAsync(string program, string[] arguments, string? faultPoint)
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
