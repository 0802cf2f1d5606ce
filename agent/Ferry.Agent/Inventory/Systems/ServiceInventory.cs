namespace Ferry.Agent.Inventory.Systems;

/// <summary>A system service.</summary>
/// <param name="Name">Name of its unit, such as <c>ssh.service</c>.</param>
/// <param name="Running">Whether it runs.</param>
/// <param name="Enabled">Whether it is started at boot.</param>
internal sealed record ServiceInventory(string Name, bool Running, bool Enabled)
{
    private const string Suffix = ".service";
    private const int MostDepth = 4;

    // systemd gives each running service a control group of its own; with version 1 of control groups in a hierarchy of its own.
    private static readonly string[] Slices = ["/sys/fs/cgroup/system.slice", "/sys/fs/cgroup/systemd/system.slice", "/sys/fs/cgroup/unified/system.slice"];

    /// <summary>Reads the services from the files of systemd, so that nothing has to be asked. Without systemd there are none.</summary>
    public static IReadOnlyList<ServiceInventory> Read(SystemRoot root)
    {
        var running = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var slice in Slices)
        {
            AddRunning(root, slice, MostDepth, running);
        }

        var enabled = root.List("/etc/systemd/system")
            .Where(name => name.EndsWith(".wants", StringComparison.Ordinal) || name.EndsWith(".requires", StringComparison.Ordinal))
            .SelectMany(folder => root.List($"/etc/systemd/system/{folder}"))
            .Where(name => name.EndsWith(Suffix, StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        return [.. running.Union(enabled).Order(StringComparer.Ordinal).Select(name => new ServiceInventory(name, running.Contains(name), enabled.Contains(name)))];
    }

    // Services of one template share a slice below.
    private static void AddRunning(SystemRoot root, string slice, int depth, SortedSet<string> running)
    {
        foreach (var name in root.List(slice))
        {
            if (name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                running.Add(name);
            }
            else if (depth > 0 && name.EndsWith(".slice", StringComparison.Ordinal))
            {
                AddRunning(root, $"{slice}/{name}", depth - 1, running);
            }
        }
    }
}
