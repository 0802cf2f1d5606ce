using System.Text.Json;
using System.Text.Json.Serialization;
using Ferry.Contracts;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Machines;

namespace Ferry.Conversion.Targets.Raw;

/// <summary>The definition for no platform in particular: <c>vm.json</c> with the machine and its images.</summary>
public sealed class RawDefinition : ITargetDefinition
{
    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <inheritdoc/>
    public string Target => "raw";

    /// <inheritdoc/>
    public IReadOnlyList<string> FileNames { get; } = ["vm.json"];

    /// <inheritdoc/>
    public IReadOnlyList<Finding> Preflight(MachineDescription machine, int? generation) => [];

    /// <inheritdoc/>
    public IReadOnlyList<DefinitionFile> Create(PublishMachine command, string folder)
    {
        ArgumentNullException.ThrowIfNull(command);
        var disks = command.Disks.OrderBy(disk => disk.Disk).Select(disk => new { disk.Disk, disk.Image, disk.Format, disk.Capacity });
        var content = JsonSerializer.SerializeToUtf8Bytes(new { version = 1, command.Target, command.Machine, disks }, json);
        return [new DefinitionFile(FileNames[0], content)];
    }
}
