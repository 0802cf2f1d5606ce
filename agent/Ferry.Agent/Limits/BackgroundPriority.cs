using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Ferry.Agent.Limits;

/// <summary>Makes this process give way: its reads are served when no other process reads (the idle class of I/O), its threads run when others do not want to.</summary>
internal static partial class BackgroundPriority
{
    private const int OneProcess = 1; // IOPRIO_WHO_PROCESS: one thread, in fact.
    private const int IdleClass = 3 << 13;
    private const int ThreadPriority = 0; // PRIO_PROCESS: one thread, too.
    private const int Nice = 10;

    /// <summary>Sets it for all threads; those that begin later inherit it. Where the system refuses, the copy is as right, only less considerate.</summary>
    [SupportedOSPlatform("linux")]
    public static void Enter()
    {
        var call = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? 30 : 251;
        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task").Select(Path.GetFileName))
        {
            var id = int.Parse(thread!, CultureInfo.InvariantCulture);
            _ = SystemCall(call, OneProcess, id, IdleClass);
            _ = SetPriority(ThreadPriority, id, Nice);
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint which, nint who, nint value);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int value);
}
