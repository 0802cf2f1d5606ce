using System.ComponentModel;
using System.Diagnostics;

namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>Builds the index files of a module tree with kmod's <c>depmod</c>: in a private folder, with bounds on time and memory, as it reads ELF files of the guest.</summary>
internal static class ModuleIndex
{
    private const long MemoryLimit = 1L << 30;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);
    private static readonly string[] Places = ["/usr/sbin/depmod", "/sbin/depmod", "/usr/bin/depmod"];

    /// <summary>Builds the index of <c>root/lib/modules/kernel</c>.</summary>
    /// <exception cref="InitrdException">It cannot be built.</exception>
    public static async Task BuildAsync(string root, string kernel, CancellationToken cancellationToken)
    {
        var depmod = Array.Find(Places, File.Exists) ?? throw new InitrdException("depmod of the package kmod is not installed on this worker.");
        var settings = Directory.CreateDirectory(Path.Combine(root, "no-settings")).FullName;
        var start = new ProcessStartInfo("prlimit")
        {
            ArgumentList = { $"--as={MemoryLimit}", $"--cpu={(int)TimeLimit.TotalSeconds}", "--core=0", depmod, "-C", settings, "-b", root, kernel },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        try
        {
            using var process = Process.Start(start)!;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeLimit);
            try
            {
                process.StandardInput.Close();
                var errors = process.StandardError.ReadToEndAsync(limit.Token);
                var output = process.StandardOutput.ReadToEndAsync(limit.Token);
                await Task.WhenAll(errors, output, process.WaitForExitAsync(limit.Token));
                if (process.ExitCode != 0)
                {
                    var message = await errors;
                    throw new InitrdException($"depmod failed: {message[..Math.Min(message.Length, 400)]}");
                }
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InitrdException("depmod took too long.");
        }
        catch (Win32Exception e)
        {
            throw new InitrdException($"depmod cannot be started: {e.Message}", e);
        }
    }
}
