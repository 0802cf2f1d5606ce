using System.Globalization;
using System.Runtime.InteropServices;

namespace Ferry.Hosting.Jobs;

/// <summary>Reads <c>FERRY_FAULT_POINT</c> (<c>name[:n[:stop]]</c>) once, and kills the process there, or stops it until it gets SIGCONT.</summary>
internal sealed class FaultPoints : IFaultPoints
{
    /// <summary>Name of the environment variable.</summary>
    public const string Variable = "FERRY_FAULT_POINT";

    private const int SigKill = 9;
    private const int SigStop = 19;
    private readonly string? name;
    private readonly int at;
    private readonly Action act;
    private int hits;

    public FaultPoints()
        : this(Environment.GetEnvironmentVariable(Variable), () => Signal(SigKill), () => Signal(SigStop))
    {
    }

    internal FaultPoints(string? specification, Action kill, Action? stop = null)
    {
        act = kill;
        if (string.IsNullOrEmpty(specification))
        {
            return;
        }

        var parts = specification.Split(':');
        name = parts[0];
        at = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture) : 1;
        if (parts.Length > 2)
        {
            act = parts[2] == "stop" && stop is not null ? stop : throw new FormatException($"{Variable}: '{parts[2]}' is not 'stop'.");
        }
    }

    /// <inheritdoc/>
    public void Hit(string name)
    {
        if (this.name is not null && this.name == name && Interlocked.Increment(ref hits) == at)
        {
            act();
        }
    }

    // No flush, no finalizer, no exit handler: as if the power had gone.
    private static void Signal(int signal) => _ = Kill(Environment.ProcessId, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
