using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Fixup.Appliance;

/// <summary>
/// The guest worker: the same program started again with one hidden argument. It is the only process that talks to libguestfs, it has no network and dies with its parent.
/// </summary>
public static class GuestWorker
{
    /// <summary>The hidden argument.</summary>
    public const string Argument = "guest-worker";

    private const int HelloFailed = 70;

    /// <summary>Runs the worker when the arguments ask for it. The first thing in <c>Main</c>.</summary>
    /// <param name="args">The program's arguments: <c>guest-worker PARENT-PID</c>.</param>
    /// <param name="exitCode">Exit code when it was handled.</param>
    public static bool TryRun(IReadOnlyList<string> args, out int exitCode)
    {
        exitCode = 0;
        if (args.Count != 2 || args[0] != Argument || !int.TryParse(args[1], out var parent))
        {
            return false;
        }

        exitCode = Run(parent);
        return true;
    }

    [SuppressMessage("Design", "CA1031", Justification = "The last handler of a process: every cause is told and ends it with a code.")]
    private static int Run(int parent)
    {
        try
        {
            // A group of its own, so that the parent can kill worker, recovery process and qemu at once.
            if (Posix.SetProcessGroup(0, 0) != 0 || !Posix.DieWithParent() || Posix.ParentProcess() != parent || !Posix.ForbidCoreDumps())
            {
                return HelloFailed;
            }

            _ = Posix.FileModeMask(0x3F);
            using var input = TakeOver(0, FileAccess.Read);
            using var output = TakeOver(1, FileAccess.Write);
            new WorkerLoop(input, output).RunAsync().GetAwaiter().GetResult();
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e.Message);
            return HelloFailed + 1;
        }
    }

    /// <summary>Moves a standard descriptor away from where libguestfs's children would inherit and use it.</summary>
    private static FileStream TakeOver(int descriptor, FileAccess access)
    {
        var moved = Posix.DuplicateDescriptor(descriptor, Posix.DuplicateCloseOnExec, 10);
        using var nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        var replacement = access == FileAccess.Read ? (int)nowhere.DangerousGetHandle() : 2;
        if (moved < 0 || Posix.DuplicateOver(replacement, descriptor) < 0)
        {
            throw new IOException("The worker's descriptors cannot be moved.");
        }

        return new FileStream(new SafeFileHandle(moved, ownsHandle: true), access, bufferSize: 0);
    }
}
