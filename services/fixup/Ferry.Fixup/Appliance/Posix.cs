using System.Runtime.InteropServices;

namespace Ferry.Fixup.Appliance;

/// <summary>The system calls that tie the guest worker to its parent.</summary>
internal static partial class Posix
{
    public const int SignalKill = 9;
    public const int DuplicateCloseOnExec = 1030;
    private const int SetParentDeathSignal = 1;
    private const int LimitCore = 4;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "setpgid", SetLastError = true)]
    public static partial int SetProcessGroup(int process, int group);

    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int ParentProcess();

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int DuplicateDescriptor(int descriptor, int command, int minimum);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    public static partial int DuplicateOver(int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial int FileModeMask(int mask);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ProcessControl(int option, ulong argument, ulong unused1, ulong unused2, ulong unused3);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in ResourceLimit limit);

    /// <summary>The kernel kills this process when the parent's thread that started it ends.</summary>
    public static bool DieWithParent() => ProcessControl(SetParentDeathSignal, SignalKill, 0, 0, 0) == 0;

    /// <summary>No core dump: it would hold guest data.</summary>
    public static bool ForbidCoreDumps() => SetLimit(LimitCore, default) == 0;

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Current;
        public ulong Maximum;
    }
}
