using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary>A running <c>ferry serve</c> with its data in a folder.</summary>
internal sealed class FerryServer : IAsyncDisposable
{
    private readonly ExternalProcess process;
    private readonly string keyFile;

    private FerryServer(Uri address, string keyFile, ExternalProcess process) => (Address, this.keyFile, this.process) = (address, keyFile, process);

    /// <summary>Where it serves.</summary>
    public Uri Address { get; }

    /// <summary>The file with its API key.</summary>
    public string KeyFile => keyFile;

    /// <summary>Its process.</summary>
    public int ProcessId => process.Id;

    /// <summary>What it printed so far.</summary>
    public string Output => process.Output;

    /// <summary>Starts a server; skips the test when ferry is not built.</summary>
    public static async Task<FerryServer> StartAsync(string data, IReadOnlyDictionary<string, string?>? settings = null, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(FerryRepository.Program), "ferry is not built: ./ferry --version");
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");

        // Not the common one: what another ferry on this machine has left there is residue.
        var scratch = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(data)!, "scratch")).FullName;
        var all = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>()) { ["Fixup__Appliance__ScratchRoot"] = scratch };
        var process = await ExternalProcess.StartAsync(FerryRepository.Program, ["serve", "--urls", address.AbsoluteUri.TrimEnd('/'), "--data", data, .. arguments], all);
        await process.WaitForOutputAsync("ferry serves on", TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return new FerryServer(address, Path.Combine(data, "api-key"), process);
    }

    /// <summary>A client with the API key.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("X-Api-Key", File.ReadAllText(keyFile).Trim());
        return client;
    }

    /// <summary>Runs a command of ferry against it.</summary>
    public Task<CommandResult> AskAsync(params string[] arguments) => Commands.FerryAsync([.. arguments, "--server", Address.AbsoluteUri, "--api-key-file", keyFile]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();
}
