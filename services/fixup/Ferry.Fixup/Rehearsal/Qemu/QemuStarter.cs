using System.Diagnostics;
using System.Text;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal.Models;

namespace Ferry.Fixup.Rehearsal.Qemu;

/// <summary>Starts machines under QEMU, with KVM where it works. One that does not start with KVM is started once more without.</summary>
internal sealed class QemuStarter(RehearsalOptions options, HostAcceleration acceleration, TimeProvider time) : IRehearsalStarter
{
    // No core file, which would hold guest data; and QEMU dies with the thread that started it.
    private static readonly string[] Wrapper = ["--core=0", "setpriv", "--pdeathsig", "KILL"];

    /// <summary>The program.</summary>
    public string Program => options.Qemu ?? KvmProbe.Hypervisor;

    /// <inheritdoc/>
    public async Task<(IRehearsalMachine Machine, Acceleration Acceleration)> StartAsync(MachineSpecification machine, CancellationToken cancellationToken)
    {
        if (await acceleration.GetAsync(cancellationToken) == Acceleration.Tcg)
        {
            return (await StartAsync(machine, Acceleration.Tcg, cancellationToken), Acceleration.Tcg);
        }

        try
        {
            return (await StartAsync(machine, Acceleration.Kvm, cancellationToken), Acceleration.Kvm);
        }
        catch (RehearsalException e) when (e.Code == RehearsalException.NotStarted)
        {
            // KVM is given up only when it works without: else the cause was another.
            var started = await StartAsync(machine, Acceleration.Tcg, cancellationToken);
            acceleration.GiveUpKvm(e.Message);
            return (started, Acceleration.Tcg);
        }
    }

    private async Task<QemuMachine> StartAsync(MachineSpecification machine, Acceleration chosen, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(machine.Scratch, chosen == Acceleration.Kvm ? "k" : "t")).FullName;
        var firmware = machine.Model.Uefi ? Firmware(folder) : null;
        var sockets = new QemuSockets(folder);
        var start = new ProcessStartInfo("prlimit", [.. Wrapper, Program, .. QemuArguments.Of(machine, sockets, chosen, firmware)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        ChildEnvironment.Reduce(start);
        start.Environment["TMPDIR"] = folder;
        try
        {
            return await QemuMachine.StartAsync(() => ChildProcess.Start(start), sockets, machine, time, cancellationToken);
        }
        catch (ApplianceException e)
        {
            throw new RehearsalException(RehearsalException.NotStarted, e.Message, e);
        }
    }

    private UefiFirmware Firmware(string folder)
    {
        var found = UefiFirmware.Find(options.FirmwareFolders)
            ?? throw new RehearsalException(RehearsalException.NoFirmware, "The machine starts from UEFI, and no UEFI firmware for QEMU (OVMF) is installed.");
        var variables = Path.Combine(folder, "variables.fd");
        File.Copy(found.Variables, variables);
        File.SetAttributes(variables, FileAttributes.Normal);
        return found with { Variables = variables };
    }
}
