using System.Diagnostics;
using System.Text;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>One service as its own process, with its log.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder log = new();

    private ServiceProcess(string name, Uri address, Process process)
    {
        Name = name;
        Address = address;
        this.process = process;
    }

    /// <summary>Name of the service.</summary>
    public string Name { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>What it printed so far.</summary>
    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    /// <summary>Starts a service's program, built beside the tests.</summary>
    public static ServiceProcess Start(string project, IReadOnlyDictionary<string, string> settings)
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var name = Path.GetFileName(project);
        var program = Path.Combine(FerryRepository.Root, project, "bin", configuration, "net10.0", name);
        Assert.SkipUnless(File.Exists(program), $"{name} is not built: dotnet build Microservices.sln -c {configuration}");
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");

        // setpriv lets the service die with the test, also when the test is killed.
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = address.AbsoluteUri;
        var service = new ServiceProcess(name, address, new Process { StartInfo = start });
        service.process.OutputDataReceived += (_, line) => service.Append(line.Data);
        service.process.ErrorDataReceived += (_, line) => service.Append(line.Data);
        service.process.Start();
        service.process.BeginOutputReadLine();
        service.process.BeginErrorReadLine();
        return service;
    }

    /// <summary>Waits until the process ends by itself.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken) => process.WaitForExitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private void Append(string? line)
    {
        lock (log)
        {
            log.AppendLine(line);
        }
    }
}
