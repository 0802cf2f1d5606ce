using System.Diagnostics;

namespace Ferry.Fixup.Appliance;

/// <summary>Starts appliances with the acceleration that the host has. One that does not start with KVM is started once more without: the probe cannot see every fault.</summary>
public sealed class ApplianceLauncher
{
    private readonly ApplianceOptions _options;
    private readonly HostAcceleration _acceleration;
    private readonly TimeProvider _time;

    internal ApplianceLauncher(ApplianceOptions options, HostAcceleration acceleration, TimeProvider time)
    {
        _options = options;
        _acceleration = acceleration;
        _time = time;
    }

    /// <summary>Starts a worker and its appliance with the disks attached.</summary>
    /// <exception cref="ApplianceException">It does not start.</exception>
    public async Task<ApplianceSession> StartAsync(string scratch, IReadOnlyList<ApplianceDisk> disks, CancellationToken cancellationToken)
    {
        if (await _acceleration.GetAsync(cancellationToken) == Acceleration.Tcg)
        {
            return await LaunchAsync(scratch, disks, Acceleration.Tcg, cancellationToken);
        }

        try
        {
            return await LaunchAsync(scratch, disks, Acceleration.Kvm, cancellationToken);
        }
        catch (ApplianceException e)
        {
            // KVM is given up only when it works without: else the cause was another.
            var session = await LaunchAsync(scratch, disks, Acceleration.Tcg, cancellationToken);
            _acceleration.GiveUpKvm(e.Message);
            return session;
        }
    }

    private async Task<ApplianceSession> LaunchAsync(string scratch, IReadOnlyList<ApplianceDisk> disks, Acceleration acceleration, CancellationToken cancellationToken)
    {
        var step = Activity.Current;
        using var span = FixupTelemetry.StartLaunch(acceleration);
        var begin = _time.GetTimestamp();
        try
        {
            var session = await ApplianceSession.StartAsync(_options, scratch, disks, acceleration, _time, cancellationToken);
            FixupTelemetry.SetAcceleration(step, acceleration);
            FixupTelemetry.RecordLaunch(acceleration, error: null, _time.GetElapsedTime(begin));
            return session;
        }
        catch (ApplianceException e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Code);
            FixupTelemetry.RecordLaunch(acceleration, e.Code, _time.GetElapsedTime(begin));
            throw;
        }
    }
}
