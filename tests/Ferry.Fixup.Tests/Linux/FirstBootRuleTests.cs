using System.Diagnostics;
using System.Text;
using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Rehearsal.FirstBoot;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class FirstBootRuleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ferry-first-boot-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Plan_Scripts_AreNumberedAndStartedBySystemd()
    {
        var volume = Systemd();
        await RuleRun.RunAsync(new FirstBootRule(), volume, target: Target("hyperv") with { FirstBootScripts = [Script("b", "#!/bin/sh\n"), Script("a.sh", "#!/bin/sh\nexit 1\n")] });

        Assert.Equal("#!/bin/sh\n", volume.Text(FirstBootFiles.Folder + "/scripts/001-b"));
        Assert.Equal("#!/bin/sh\nexit 1\n", volume.Text(FirstBootFiles.Folder + "/scripts/002-a.sh"));
        Assert.Equal(FirstBootFiles.Unit, volume.Text(FirstBootFiles.Wanted));
        Assert.Contains("ExecStart=/bin/sh " + FirstBootFiles.Folder + "/run\n", volume.Text(FirstBootFiles.Unit), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hyperv", "debian", "12", "debian-12", "x.deb", "dpkg --install")]
    [InlineData("kvm", "rocky", "9.4", "rocky-9", "x.rpm", "rpm --upgrade")]
    [InlineData("azure", "ubuntu", "24.04", "ubuntu-24.04", "x.deb", "walinuxagent")]
    public async Task Plan_OfferedPackages_AreInstalledFirst(string platform, string distribution, string version, string set, string file, string expected)
    {
        Directory.CreateDirectory(Path.Combine(_folder, platform, set));
        await File.WriteAllTextAsync(Path.Combine(_folder, platform, set, file), "package", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, platform, set, "README"), "no package", TestContext.Current.CancellationToken);
        var volume = Systemd();
        await RuleRun.RunAsync(new FirstBootRule(), volume, guest: RuleRun.Guest with { Distribution = distribution, Version = version }, target: Target(platform) with { PackageFolder = _folder });

        Assert.Equal("package", volume.Text($"{FirstBootFiles.Folder}/packages/{file}"));
        Assert.False(volume.Exists(FirstBootFiles.Folder + "/packages/README"));
        Assert.Contains(expected, volume.Text(FirstBootFiles.Folder + "/scripts/000-packages"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_AgentIsThere_NothingIsOffered()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "kvm", "debian-12"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "kvm", "debian-12", "x.deb"), "package", TestContext.Current.CancellationToken);
        var guest = RuleRun.Guest with { Version = "12" };

        Assert.False((await RuleRun.RunAsync(new FirstBootRule(), Systemd().File("/usr/sbin/qemu-ga", ""), guest: guest, target: Target("kvm") with { PackageFolder = _folder })).Applies);
    }

    [Theory]
    [InlineData(true, "../x")]
    [InlineData(true, "a b")]
    [InlineData(false, "good")]
    public async Task Plan_WhatCannotBePutIn_IsAFinding(bool systemd, string name)
    {
        var plan = await RuleRun.RunAsync(new FirstBootRule(), systemd ? Systemd() : new MemoryVolume(), target: Target("hyperv") with { FirstBootScripts = [Script(name, "")] });

        Assert.Equal("GUEST_FIRST_BOOT_LEFT_OUT", Assert.Single(plan.Findings).Id);
    }

    /// <summary>The runner itself, in a folder that stands for the guest's root.</summary>
    [Theory]
    [InlineData("Default string", false)]
    [InlineData("ferry-first-boot", true)]
    public async Task Runner_RunsInOrderOnceAndRemovesEverything_AndSwitchesOffBeforeTheMoveOnly(string assetTag, bool switchesOff)
    {
        foreach (var path in new[] { FirstBootFiles.Folder + "/scripts", "/var/log", "/sys/class/dmi/id", "/etc/systemd/system/multi-user.target.wants", "/bin" })
        {
            Directory.CreateDirectory(_folder + path);
        }

        Write(FirstBootFiles.Folder + "/run", InFolder(FirstBootFiles.Runner));
        Write(FirstBootTag.LinuxFile, assetTag + "\n");
        Write(FirstBootFiles.Unit, "unit");
        Write(FirstBootFiles.Wanted, "link");
        Write("/bin/systemctl", "#!/bin/sh\necho \"systemctl $*\"\n");
        Write(FirstBootFiles.Folder + "/scripts/001-first", $"#!/bin/sh\nls {_folder}{FirstBootFiles.Folder}/scripts; exit 3\n");
        Write(FirstBootFiles.Folder + "/scripts/002-second", "#!/bin/sh\necho second runs\n");
        var start = new ProcessStartInfo("/bin/sh", [_folder + FirstBootFiles.Folder + "/run"]);
        start.Environment["PATH"] = $"{_folder}/bin:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        var log = await File.ReadAllLinesAsync(_folder + "/var/log/ferry-first-boot.log", TestContext.Current.CancellationToken);
        string[] expected = ["001-first begins", "002-second", "001-first failed with code 3", "002-second begins", "second runs", "002-second has ended", "systemctl disable ferry-first-boot.service", "everything has run", .. switchesOff ? ["systemctl --no-block poweroff"] : Array.Empty<string>()];
        Assert.Equal(expected.Length, log.Length);
        Assert.All(expected.Zip(log), line => Assert.EndsWith(line.First, line.Second, StringComparison.Ordinal));
        Assert.False(Directory.Exists(_folder + FirstBootFiles.Folder));
        Assert.False(File.Exists(_folder + FirstBootFiles.Unit) || File.Exists(_folder + FirstBootFiles.Wanted));
    }

    private static MemoryVolume Systemd() => new MemoryVolume().Folder("/etc/systemd/system").Folder("/usr");

    private static FixupTarget Target(string platform) => new(platform, null, SampleGuest.Machine);

    private static FirstBootScript Script(string name, string text) => new(name, Encoding.ASCII.GetBytes(text));

    private string InFolder(string runner) => runner
        .Replace("/sys/class", _folder + "/sys/class", StringComparison.Ordinal).Replace("folder=/usr", $"folder={_folder}/usr", StringComparison.Ordinal).Replace("/var/log", _folder + "/var/log", StringComparison.Ordinal).Replace(" /etc/", $" {_folder}/etc/", StringComparison.Ordinal);

    private void Write(string path, string text)
    {
        File.WriteAllText(_folder + path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder + path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
