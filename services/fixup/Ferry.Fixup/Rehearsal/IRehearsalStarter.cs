using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal.Models;

namespace Ferry.Fixup.Rehearsal;

/// <summary>Starts machines.</summary>
internal interface IRehearsalStarter
{
    /// <summary>Starts a machine; says what runs its processors.</summary>
    /// <exception cref="RehearsalException">It does not start.</exception>
    Task<(IRehearsalMachine Machine, Acceleration Acceleration)> StartAsync(MachineSpecification machine, CancellationToken cancellationToken);
}
