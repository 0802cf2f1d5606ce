using System.Globalization;
using System.Runtime.InteropServices;

namespace Ferry.Hosting.Jobs;

/// <summary>Reads <c>FERRY_FAULT_POINT</c> once and kills the process there.</summary>
internal sealed class FaultPoints : IFaultPoints
{
    /// <summary>Name of the environment variable.</summary>
    public const string Variable = "FERRY_FAULT_POINT";

    private const int SigKill = 9;
    private readonly string? name;
    private readonly int at;
    private readonly Action kill;
    private int hits;

    public FaultPoints()
        : this(Environment.GetEnvironmentVariable(Variable), KillSelf)
    {
    }

    internal FaultPoints(string? specification, Action kill)
    {
        this.kill = kill;
        if (string.IsNullOrEmpty(specification))
        {
            return;
        }

        var colon = specification.LastIndexOf(':');
        name = colon < 0 ? specification : specification[..colon];
        at = colon < 0 ? 1 : int.Parse(specification.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Hit(string name)
    {
        if (this.name is not null && this.name == name && Interlocked.Increment(ref hits) == at)
        {
            kill();
        }
    }

    // No flush, no finalizer, no exit handler: as if the power had gone.
    private static void KillSelf() => _ = Kill(Environment.ProcessId, SigKill);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
