using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>One service as its own process, with its log.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly ExternalProcess process;

    private ServiceProcess(string name, Uri address, ExternalProcess process)
    {
        Name = name;
        Address = address;
        this.process = process;
    }

    /// <summary>Name of the service's program.</summary>
    public string Name { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>What it printed so far.</summary>
    public string Log => process.Output;

    /// <summary>Starts a service's program, as the solution builds it.</summary>
    /// <param name="project">Its project.</param>
    /// <param name="settings">Its environment.</param>
    /// <param name="address">Where it listens; null: somewhere free.</param>
    public static async Task<ServiceProcess> StartAsync(string project, IReadOnlyDictionary<string, string?> settings, Uri? address = null)
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var name = Path.GetFileName(project);
        var program = Path.Combine(FerryRepository.Root, project, "bin", configuration, "net10.0", name);
        Assert.SkipUnless(File.Exists(program), $"{name} is not built: dotnet build Microservices.sln -c {configuration}");
        address ??= new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var environment = new Dictionary<string, string?>(settings) { ["ASPNETCORE_URLS"] = address.AbsoluteUri };
        return new ServiceProcess(name, address, await ExternalProcess.StartAsync(program, [], environment, Path.GetDirectoryName(program)));
    }

    /// <summary>Its process id.</summary>
    public int Id => process.Id;

    /// <summary>Whether it was stopped by SIGSTOP.</summary>
    public bool IsStopped => File.ReadAllText($"/proc/{Id}/stat").Split(") ")[^1].StartsWith('T');

    /// <summary>Sends it a signal, as <c>kill</c> does.</summary>
    public async Task SignalAsync(string signal)
    {
        await using var kill = await ExternalProcess.StartAsync("/bin/kill", [$"-{signal}", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.Equal(0, await kill.WaitForExitAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public Task KillAsync() => process.KillAsync();

    /// <summary>Waits until it has printed something.</summary>
    public Task WaitForLogAsync(string text, TimeSpan limit) => process.WaitForOutputAsync(text, limit, TestContext.Current.CancellationToken);

    /// <summary>Waits until it has its bus and its store.</summary>
    public async Task WaitUntilReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!HasExited)
        {
            try
            {
                using var response = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), limit.Token);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"{Name} is not ready:\n{Log}");
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }

        Assert.Fail($"{Name} ended at its start:\n{Log}");
    }

    /// <summary>Waits until the process ends by itself.</summary>
    public Task<int> WaitForExitAsync(CancellationToken cancellationToken) => process.WaitForExitAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();
}
