using System.Text.RegularExpressions;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>A guest that runs under QEMU, without network, on an image that stays as it is; asked over its serial console.</summary>
internal sealed partial class BootedGuest : IAsyncDisposable
{
    private static readonly TimeSpan BootLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(5);

    private readonly TempFolder folder;
    private readonly ExternalProcess qemu;
    private readonly SerialConsole console;
    private readonly long started = TimeProvider.System.GetTimestamp();
    private int asked;

    private BootedGuest(TempFolder folder, ExternalProcess qemu, SerialConsole console) => (this.folder, this.qemu, this.console) = (folder, qemu, console);

    /// <summary>What is missing to start machines, or null.</summary>
    public static string? Missing => Skip.MissingFiles("qemu-system-x86", "/usr/bin/qemu-system-x86_64") ?? ExternalProcess.Missing;

    /// <summary>Time from the start to the login, or to the end of the attempt.</summary>
    public TimeSpan Boot { get; private set; }

    /// <summary>Where a guest may write something that is to be looked at from outside; 256 MiB, a disk with the serial number <c>scratch</c> where the devices have a place for it.</summary>
    public string Scratch => folder.File("scratch");

    /// <summary>Starts it.</summary>
    /// <param name="image">The disk's image.</param>
    /// <param name="format">Its format, as QEMU calls it.</param>
    /// <param name="devices">QEMU's options of the hardware.</param>
    /// <param name="scratch">Whether the bus <c>ide.1</c> is there to hold a scratch disk.</param>
    public static async Task<BootedGuest> StartAsync(string image, string format, IReadOnlyList<string> devices, bool scratch = false)
    {
        var folder = new TempFolder("guest");
        var serial = folder.File("serial");
        string[] extra = [];
        if (scratch)
        {
            await using (var disk = File.Create(folder.File("scratch")))
            {
                disk.SetLength(256L << 20);
            }

            extra = ["-drive", $"file={folder.File("scratch")},format=raw,if=none,id=scratch", "-device", "ide-hd,bus=ide.1,drive=scratch,serial=scratch"];
        }

        var qemu = await ExternalProcess.StartAsync("/usr/bin/qemu-system-x86_64",
        [
            "-name", "guest", "-nodefaults", .. await HostMachine.AccelerationAsync(), "-m", "1024", "-smp", "1", "-vga", "std", "-display", "none", "-monitor", "none", "-no-reboot",
            "-chardev", $"socket,id=serial,path={serial},server=on,wait=on", "-serial", "chardev:serial",
            "-drive", $"file={image.Replace(",", ",,", StringComparison.Ordinal)},format={format},if=none,id=disk,snapshot=on",
            "-netdev", "user,id=net,restrict=on", .. devices, .. extra,
        ]);
        return new BootedGuest(folder, qemu, await SerialConsole.ConnectAsync(serial));
    }

    /// <summary>Waits for the login, logs in as root, and waits until the system has started everything.</summary>
    public async Task LogInAsync()
    {
        var outcome = await OutcomeAsync();
        Assert.True(outcome == "login:", $"It does not boot: '{outcome}'. The console's last lines:\n{console.Tail()}\n{qemu.Output}");
        await console.TypeAsync("root");
        await console.WaitForAsync(Password(), asked, AnswerLimit);
        await console.TypeAsync("ferry");
        await console.WaitForAsync(Prompt(), asked, AnswerLimit);
        await AskAsync("stty cols 1000; dmesg -n 1; systemctl is-system-running --wait");
    }

    /// <summary>What the console shows first: the login, or a failure that is known, as the whole line.</summary>
    public async Task<string> OutcomeAsync()
    {
        Match match;
        try
        {
            match = await console.WaitForAsync(Outcome(), 0, BootLimit);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{qemu.Output}", e);
        }

        Boot = TimeProvider.System.GetElapsedTime(started);
        return match.Value.EndsWith("login:", StringComparison.Ordinal) ? "login:" : KernelMessage().Replace(match.Value, "").Trim();
    }

    /// <summary>Runs a command in the guest; its output, whatever its exit code.</summary>
    public async Task<string> AskAsync(string command)
    {
        var mark = $"{++asked:000}";
        var from = console.Text.Length;

        // The console echoes what is typed: there the marks stand in two halves.
        await console.TypeAsync($"echo BEG''IN{mark}; {command} 2>&1; echo E''ND{mark}");
        var match = await console.WaitForAsync(new Regex($"BEGIN{mark}\n(.*?)END{mark}\n", RegexOptions.Singleline), from, AnswerLimit);
        return string.Join('\n', match.Groups[1].Value.Split('\n').Where(line => !KernelMessage().IsMatch(line))).Trim();
    }

    /// <summary>Units that have failed, one a line.</summary>
    public Task<string> FailedUnitsAsync() => AskAsync("systemctl list-units --failed --no-legend --plain --no-pager | cut -d' ' -f1");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await qemu.DisposeAsync();
        await console.DisposeAsync();
        folder.Dispose();
    }

    [GeneratedRegex(
        @"ferry-guest login:|[^\n]*(?:ALERT!|Kernel panic|\(initramfs\)|mergency mode|No bootable (?:device|option)|grub rescue>|error: no such (?:device|partition)|Could not boot|Failed to boot both|UEFI Interactive Shell)[^\n]*\n")]
    private static partial Regex Outcome();

    [GeneratedRegex(@"^\s*\[ *[0-9]+\.[0-9]{6}\] *(?:[a-z-]+\[[0-9]+\]: *)?", RegexOptions.Multiline)]
    private static partial Regex KernelMessage();

    [GeneratedRegex("Password:")]
    private static partial Regex Password();

    [GeneratedRegex("root@ferry-guest:[^\n]*#")]
    private static partial Regex Prompt();
}
