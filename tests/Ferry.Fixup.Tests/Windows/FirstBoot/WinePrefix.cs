using System.Diagnostics;

namespace Ferry.Fixup.Tests.Windows.FirstBoot;

/// <summary>Wine with a Windows folder of its own: the service control manager, the registry and the command interpreter are Wine's. Skips visibly where Wine is not installed.</summary>
internal sealed class WinePrefix : IDisposable
{
    private const string Wine = "/usr/lib/wine/wine64";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string _root = Directory.CreateTempSubdirectory("ferry-wine-").FullName;

    private WinePrefix()
    {
    }

    public string Drive => Path.Combine(_root, "prefix", "drive_c");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<WinePrefix> CreateAsync()
    {
        Assert.SkipUnless(File.Exists(Wine), "Wine is not installed (Debian's wine64)");
        var prefix = new WinePrefix();
        try
        {
            await prefix.RunAsync("wineboot", "-i");
            return prefix;
        }
        catch
        {
            prefix.Dispose();
            throw;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    public async Task<(int Code, string Output)> RunAsync(params string[] command)
    {
        using var process = Process.Start(Start(Wine, command))!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            output += await error;
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, output);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Ends everything that runs, as switching a machine off does; what is run next starts it again, with the services that start by themselves.</summary>
    public void SwitchOff()
    {
        using var process = Process.Start(Start("/usr/lib/wine/wineserver", "-k", "-w"))!;
        process.WaitForExit();
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<bool> condition, Func<string> state)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); await Task.Delay(100, Token))
        {
            Assert.True(watch.Elapsed < Patience, state());
        }
    }

    public void Dispose()
    {
        SwitchOff();
        Directory.Delete(_root, recursive: true);
    }

    private ProcessStartInfo Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _root };
        start.Environment["WINEPREFIX"] = Path.Combine(_root, "prefix");
        start.Environment["WINEDEBUG"] = "-all";
        start.Environment["HOME"] = _root;

        // Neither .NET nor a browser nor menus; the stand-ins for netsh and reg instead of Wine's.
        start.Environment["WINEDLLOVERRIDES"] = "mscoree,mshtml,winemenubuilder.exe=;netsh.exe=n,b;reg.exe=n,b";
        start.Environment.Remove("DISPLAY");
        return start;
    }
}
