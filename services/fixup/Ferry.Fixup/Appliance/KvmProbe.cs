using System.Diagnostics;
using System.Globalization;

namespace Ferry.Fixup.Appliance;

/// <summary>
/// Finds out whether QEMU can use KVM here, with the processor that libguestfs asks for. libguestfs only looks whether the device opens; in a nested machine QEMU may abort all the same.
/// </summary>
/// <param name="device">The KVM device.</param>
/// <param name="hypervisor">The QEMU program.</param>
/// <param name="time">Clock of the time limit.</param>
internal sealed class KvmProbe(string device, string hypervisor, TimeProvider time)
{
    /// <summary>The KVM device of Linux.</summary>
    public const string Device = "/dev/kvm";

    /// <summary>The longest that QEMU may take to come up, without any guest, and to quit.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // No core file when QEMU aborts; and it dies with the thread that started it.
    private static readonly string[] Wrapper = ["--core=0", "setpriv", "--pdeathsig", "KILL"];
    private static readonly string[] Machine = ["-machine", "accel=kvm", "-cpu", "max", "-m", "64", "-nodefaults", "-display", "none", "-S", "-monitor", "stdio"];

    /// <summary>The QEMU program that libguestfs starts.</summary>
    public static string Hypervisor => Environment.GetEnvironmentVariable(ChildEnvironment.Hypervisor) is { Length: > 0 } set ? set : "qemu-system-x86_64";

    /// <summary>Why KVM cannot be used, or null when it can.</summary>
    public async Task<string?> FailureAsync()
    {
        try
        {
            using (File.OpenHandle(device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            {
            }

            await using var process = ChildProcess.Start(StartInfo());
            return await QuitAsync(process);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{device} cannot be opened: {e.Message}";
        }
        catch (ApplianceException e)
        {
            return e.Message;
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo("prlimit", [.. Wrapper, hypervisor, .. Machine])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        ChildEnvironment.Reduce(start);
        return start;
    }

    private async Task<string?> QuitAsync(ChildProcess process)
    {
        try
        {
            await process.Input.WriteAsync("quit\n"u8.ToArray());
            await process.Input.DisposeAsync();
        }
        catch (IOException)
        {
            // It ended before it read: its exit code tells.
        }

        try
        {
            var code = await process.Ended.WaitAsync(Patience, time);
            var words = await process.LastWordsAsync();
            return code == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{hypervisor} with KVM ended with code {code}: {words}");
        }
        catch (TimeoutException)
        {
            process.Kill();
            return string.Create(CultureInfo.InvariantCulture, $"{hypervisor} with KVM did not answer within {Patience.TotalSeconds} s");
        }
    }
}
