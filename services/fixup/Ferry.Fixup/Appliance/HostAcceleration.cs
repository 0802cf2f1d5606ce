namespace Ferry.Fixup.Appliance;

/// <summary>The acceleration that the appliances of this process use: found out once, before the first of them, and given up for good when a launch shows that it does not work.</summary>
internal sealed class HostAcceleration
{
    private readonly ApplianceOptions _options;
    private readonly KvmProbe _probe;
    private readonly ILogger<HostAcceleration> _logger;
    private readonly Lazy<Task<Acceleration>> _found;
    private volatile bool _kvmFailed;

    public HostAcceleration(ApplianceOptions options, KvmProbe probe, ILogger<HostAcceleration> logger)
    {
        _options = options;
        _probe = probe;
        _logger = logger;
        _found = new Lazy<Task<Acceleration>>(() => Task.Run(FindAsync));
    }

    /// <summary>What the next appliance uses.</summary>
    public async Task<Acceleration> GetAsync(CancellationToken cancellationToken)
    {
        var found = await _found.Value.WaitAsync(cancellationToken);
        return _kvmFailed ? Acceleration.Tcg : found;
    }

    /// <summary>Remembers that an appliance started without KVM after it had not with it.</summary>
    public void GiveUpKvm(string reason)
    {
        _kvmFailed = true;
        Log.KvmGivenUp(_logger, reason);
    }

    private async Task<Acceleration> FindAsync()
    {
        if ((_options.UseKvm ? await _probe.FailureAsync() : "it is switched off") is { } reason)
        {
            Log.KvmUnusable(_logger, reason);
            return Acceleration.Tcg;
        }

        Log.KvmUsed(_logger);
        return Acceleration.Kvm;
    }
}
