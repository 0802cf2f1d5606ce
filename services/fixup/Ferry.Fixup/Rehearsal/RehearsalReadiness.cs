using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal.Models;

namespace Ferry.Fixup.Rehearsal;

/// <summary>Whether a machine could be rehearsed on this host, as <c>ferry check</c> tells it.</summary>
public sealed class RehearsalReadiness
{
    private readonly RehearsalOptions _options;

    internal RehearsalReadiness(RehearsalOptions options) => _options = options;

    /// <summary>A finding when something is missing, else nothing.</summary>
    public IReadOnlyList<Finding> Check(MachineDescription machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var missing = FindProgram(_options.Qemu ?? KvmProbe.Hypervisor) is null
            ? new RehearsalException(RehearsalException.NotStarted, "QEMU is not installed on this host.")
            : machine.Firmware == Firmware.Uefi && UefiFirmware.Find(_options.FirmwareFolders) is null
                ? new RehearsalException(RehearsalException.NoFirmware, "No UEFI firmware for QEMU (OVMF) is installed on this host.")
                : null;
        return missing is null ? [] : [new Finding { Id = missing.Code, Severity = FindingSeverity.Information, Message = $"The machine could not be rehearsed here: {missing.Message}", Remedy = missing.Remedy }];
    }

    /// <summary>Full path of a program, by PATH unless it is a path; null when it is not there.</summary>
    private static string? FindProgram(string program) => program.Contains('/', StringComparison.Ordinal)
        ? File.Exists(program) ? program : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
