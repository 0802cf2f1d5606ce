using System.Diagnostics;

namespace Ferry.Fixup.Appliance;

/// <summary>The environment of child processes: what libguestfs, QEMU and .NET need, and no secret of the service.</summary>
internal static class ChildEnvironment
{
    private static readonly string[] Kept = ["PATH", "HOME", "LANG", "LIBGUESTFS_PATH", "LIBGUESTFS_CACHEDIR", Hypervisor, "SUPERMIN_KERNEL", "SUPERMIN_MODULES", "DOTNET_ROOT"];

    /// <summary>Names the QEMU program that libguestfs starts, where it is not the default.</summary>
    public const string Hypervisor = "LIBGUESTFS_HV";

    /// <summary>Takes everything else out.</summary>
    public static void Reduce(ProcessStartInfo start)
    {
        var kept = Kept.Select(name => (name, value: Environment.GetEnvironmentVariable(name))).Where(v => v.value is not null).ToList();
        start.Environment.Clear();
        kept.ForEach(v => start.Environment[v.name] = v.value);
    }
}
