using Ferry.Hosting.Jobs;
using MassTransit;
using Microsoft.Extensions.Hosting;

namespace Ferry.Hosting.Bus;

/// <summary>What the services of a process have brought, until the bus is built from it.</summary>
internal sealed class FerryParts
{
    /// <summary>Consumers and sagas.</summary>
    public List<Action<IBusRegistrationConfigurator>> Participants { get; } = [];

    /// <summary>Jobs of each service.</summary>
    public List<ServiceJobs> Jobs { get; } = [];

    /// <summary>The parts of a host that is being built.</summary>
    public static FerryParts Of(IHostApplicationBuilder builder)
    {
        if (builder.Properties.TryGetValue(typeof(FerryParts), out var parts))
        {
            return (FerryParts)parts;
        }

        var made = new FerryParts();
        builder.Properties[typeof(FerryParts)] = made;
        return made;
    }
}
