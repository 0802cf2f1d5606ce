using System.Text;
using Ferry.Contracts;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Machines;

namespace Ferry.Conversion.Targets.HyperV;

/// <summary>The definition for Hyper-V: <c>vm.json</c> for programs and <c>import.ps1</c> for the host.</summary>
public sealed class HyperVTarget : ITargetDefinition
{
    /// <inheritdoc/>
    public string Target => "hyperv";

    /// <inheritdoc/>
    public IReadOnlyList<string> FileNames { get; } = [HyperVJson.FileName, HyperVScript.FileName];

    /// <inheritdoc/>
    public IReadOnlyList<Finding> Preflight(MachineDescription machine, int? generation) => HyperVPlanner.Preflight(machine, generation);

    /// <inheritdoc/>
    public IReadOnlyList<DefinitionFile> Create(PublishMachine command, string folder)
    {
        ArgumentNullException.ThrowIfNull(command);
        var images = command.Disks.OrderBy(disk => disk.Disk).Select(disk => new HyperVImage(disk.Image, disk.Capacity, disk.ImageBytes)).ToArray();
        var definition = HyperVPlanner.Plan(command.Machine, images, command.Generation, guest: GuestFamilies.OfReport(command.Guest));
        return
        [
            new DefinitionFile(HyperVJson.FileName, HyperVJson.Write(definition)),
            new DefinitionFile(HyperVScript.FileName, Encoding.ASCII.GetBytes(HyperVScript.Write(definition))),
        ];
    }
}
