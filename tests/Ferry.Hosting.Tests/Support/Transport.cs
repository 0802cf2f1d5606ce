using Ferry.TestServices;

namespace Ferry.Hosting.Tests.Support;

/// <summary>The bus and the store of a test, and options that suit tests.</summary>
internal sealed class Transport : IDisposable
{
    private readonly TempFolder folder = new();

    public Transport() => Settings = new Dictionary<string, string?>
    {
        ["Ferry:Bus:Kind"] = "memory",
        ["Ferry:Documents:Kind"] = "sqlite",
        ["Ferry:Documents:Path"] = Path.Combine(folder.Path, "ferry.db"),
        ["Ferry:Jobs:LeaseSeconds"] = "2",
        ["Ferry:Jobs:RenewSeconds"] = "0.5",
        ["Ferry:Jobs:PollSeconds"] = "0.05",
        ["Ferry:Jobs:RetryBaseSeconds"] = "0.05",
        ["Ferry:Outbox:SweepSeconds"] = "0.1",
        ["Ferry:Outbox:MinAgeSeconds"] = "0.3",
    };

    public Dictionary<string, string?> Settings { get; }

    public void Dispose() => folder.Dispose();
}
