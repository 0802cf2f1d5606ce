using Ferry.Fixup.Rehearsal.Consoles;
using Ferry.Fixup.Rehearsal.Signs;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>What a whole story of lines, screens and events is judged to be.</summary>
public sealed class BootJudgeTests
{
    private const string Debian = """
        Loading Linux 6.1.0-37-amd64 ...
        Begin: Running /scripts/local-block ... done.
        Gave up waiting for root file system device.  Common problems:
         - Boot args (cat /proc/cmdline)
        ALERT!  /dev/sda2 does not exist.  Dropping to a shell!
        BusyBox v1.35.0 (Debian 1:1.35.0-4+b3) built-in shell (ash)
        (initramfs)
        """;

    private const string Dracut = """
        [  190.1] dracut-initqueue[355]: Warning: dracut-initqueue: timeout, still waiting for following initqueue hooks:
                 Starting dracut-emergency.service - Dracut Emergency Shell...
        Warning: /dev/mapper/rl-root does not exist
        Generating "/run/initramfs/rdsosreport.txt"
        Entering emergency mode. Exit the shell to continue.
        dracut:/#
        """;

    private const string Fstab = """
        [ TIME ] Timed out waiting for device dev-sdb1.device - /dev/sdb1.
        [DEPEND] Dependency failed for data.mount - /data.
        [DEPEND] Dependency failed for local-fs.target - Local File Systems.
        You are in emergency mode. After logging in, type "journalctl -xb" to view
        """;

    private const string Grub = """
        Booting from Hard Disk...
        error: no such device: 8f1e2a6c-0f55-4b6c-9c5f-2a6c0f554b6c.
        Entering rescue mode...
        grub rescue>
        """;

    private const string Empty = """
        Booting from Hard Disk...
        Boot failed: not a bootable disk
        No bootable device.
        """;

    private const string Windows = """
        Windows Boot Manager
        Windows failed to start. A recent hardware or software change might be the cause.
            Status: 0xc000000e
            Info: The boot selection failed because a required device is
        """;

    [Theory]
    [InlineData(Debian, "initramfs-shell", "ALERT!  /dev/sda2 does not exist.  Dropping to a shell!", null)]
    [InlineData(Dracut, "initramfs-shell", "Entering emergency mode. Exit the shell to continue.", "Warning: /dev/mapper/rl-root does not exist")]
    [InlineData(Fstab, "emergency-shell", "You are in emergency mode. After logging in, type \"journalctl -xb\" to view", "[DEPEND] Dependency failed for local-fs.target - Local File Systems.")]
    [InlineData(Grub, "boot-loader", "grub rescue>", "error: no such device: 8f1e2a6c-0f55-4b6c-9c5f-2a6c0f554b6c.")]
    [InlineData(Empty, "no-bootable-device", "No bootable device.", "Boot failed: not a bootable disk")]
    [InlineData(Windows, "boot-loader", "Status: 0xc000000e", "Windows failed to start. A recent hardware or software change might be the cause.")]
    public void Story_ThatEndsBadly_IsPanickedWithQuoteAndCause(string story, string kind, string quote, string? cause)
    {
        var judge = Told(story);
        Assert.Equal(new BootVerdict("panicked", kind, quote, cause), judge.Verdict);
    }

    [Fact]
    public void Story_ThatReachesALogin_IsBooted_WhateverWentWrongOnTheWay()
    {
        var judge = Told("""
            [    1.2] error: something optional
            [FAILED] Failed to start vgauth.service - VGAuth.
            [FAILED] Failed to start vgauth.service - VGAuth.
            Debian GNU/Linux 12 web ttyS0
            web login:
            """);
        Assert.Equal(new BootVerdict("booted", "login-prompt", "web login:", null), judge.Verdict);
        Assert.Equal("[FAILED] Failed to start vgauth.service - VGAuth.", Assert.Single(judge.FailedUnits));
    }

    [Fact]
    public void FirstSign_Decides()
    {
        var judge = Told(Debian);
        judge.See(new ConsoleLine(ConsoleSource.Serial, "web login: "));
        judge.SeeAgent();
        Assert.Equal("panicked", judge.Verdict!.Outcome);
    }

    [Fact]
    public void NoSign_IsUnknownWithTheLastLine()
    {
        var judge = Told("[  12.0] random: crng init done");
        judge.See(new ConsoleLine(ConsoleSource.Firmware, "a log line of the firmware"));
        Assert.Null(judge.Verdict);
        Assert.Equal(new BootVerdict("unknown", null, "[  12.0] random: crng init done", null), judge.GiveUp());
    }

    [Fact]
    public void Restarts_AFewAreHealthy_MoreAreALoop()
    {
        var judge = new BootJudge(windows: false);
        for (var i = 0; i < BootJudge.MostRestarts; i++)
        {
            judge.SeeRestart();
        }

        Assert.Null(judge.Verdict);
        judge.SeeRestart();
        Assert.Equal(("panicked", "boot-loop"), (judge.Verdict!.Outcome, judge.Verdict.Kind));
    }

    [Theory]
    [InlineData(0x7BUL, "stop-code", "Windows has reported the stop code 0x0000007B.")]
    [InlineData(null, "kernel-panic", "The guest has reported a panic to the hypervisor.")]
    public void Crash_ThatTheHypervisorWasTold_IsPanicked(ulong? code, string kind, string quote)
    {
        var judge = new BootJudge(windows: true);
        judge.SeeCrash(code);
        Assert.Equal(new BootVerdict("panicked", kind, quote, null), judge.Verdict);
    }

    [Fact]
    public void StopScreen_SeenOften_IsPanicked_InWindowsOnly()
    {
        var picture = Pictures.Of(0, 120, 215, text: 0.1);
        var (windows, linux) = (new BootJudge(windows: true), new BootJudge(windows: false));
        for (var i = 0; i < BootJudge.StopScreenLooks; i++)
        {
            Assert.Null(windows.Verdict);
            windows.See(picture);
            linux.See(picture);
        }

        Assert.Equal(("panicked", "stop-screen"), (windows.Verdict!.Outcome, windows.Verdict.Kind));
        Assert.Null(linux.Verdict);
    }

    [Fact]
    public void OtherPicturesBetween_AreNoStopScreen()
    {
        var judge = new BootJudge(windows: true);
        for (var i = 0; i < 10; i++)
        {
            judge.See(Pictures.Of(0, 120, 215, text: i % 2 == 0 ? 0.1 : 0.6));
        }

        Assert.Null(judge.Verdict);
    }

    [Fact]
    public void FirstBoot_IsOverWhenTheGuestHasSwitchedItselfOff()
    {
        var judge = new BootJudge(windows: false, untilOff: true);
        judge.See(new ConsoleLine(ConsoleSource.Serial, "web login: "));
        judge.SeeAgent();
        Assert.Null(judge.Verdict);
        judge.SeePowerOff();
        Assert.Equal(new BootVerdict("unknown", "powered-off", "The guest has switched the machine off.", null), judge.Verdict);
    }

    private static BootJudge Told(string story)
    {
        var judge = new BootJudge(windows: false);
        foreach (var line in story.Split('\n'))
        {
            judge.See(new ConsoleLine(ConsoleSource.Serial, line.TrimEnd('\r')));
        }

        return judge;
    }
}
