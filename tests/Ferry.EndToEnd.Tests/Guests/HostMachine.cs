namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>What this machine offers to QEMU.</summary>
internal static class HostMachine
{
    private static readonly Lazy<Task<bool>> Kvm = new(async () =>
        (await Commands.RunAsync("bash", "-c", $". '{Path.Combine(FerryRepository.Root, "scripts", "kvm.sh")}' && kvm_works")).ExitCode == 0);

    /// <summary>QEMU's options of the acceleration: KVM where it works.</summary>
    public static async Task<IReadOnlyList<string>> AccelerationAsync() => await Kvm.Value ? ["-accel", "kvm", "-cpu", "max"] : ["-accel", "tcg"];
}
