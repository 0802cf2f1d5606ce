using System.Diagnostics;
using System.Globalization;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Volumes;
using Ferry.Fixup.Volumes;
using Ferry.Hives;
using Ferry.Hives.ControlSets;

namespace Ferry.Fixup.Tests.Windows;

/// <summary>A Windows volume in memory: hives, a command interpreter, a file for each driver that the SYSTEM hive names.</summary>
internal sealed class WindowsDisk
{
    private const string Config = "/Windows/System32/config/";
    private const int KernelDriver = 1;
    private const int FileSystemDriver = 2;
    private readonly HashSet<string> _files = new(StringComparer.OrdinalIgnoreCase);

    private WindowsDisk(Hive system, Hive software, ushort machine)
    {
        Add("/Windows/System32/cmd.exe", Program(machine));
        Add(Config + "SOFTWARE", software.Save().Content.ToArray());
        foreach (var service in ControlSetList.Of(system).All.SelectMany(s => s.Find("Services")?.Subkeys ?? []))
        {
            if (service.Value("Type") is { Type: HiveValueType.DWord } type && type.GetDWord() is KernelDriver or FileSystemDriver && DriverFiles.PathOf(service, "/Windows") is { } file)
            {
                // One folder has one spelling, whatever services call it.
                Add(file.Replace("/system32/", "/System32/", StringComparison.OrdinalIgnoreCase), [1]);
            }
        }

        // What the table names and a hive may not: their files are there, too.
        foreach (var file in new[] { "vmstorfl", "atapi", "intelide", "pciide", "storahci", "msahci", "stornvme", "vpci" })
        {
            Add($"/Windows/System32/drivers/{file}.sys", [1]);
        }
    }

    public MemoryVolume Volume { get; } = new();

    /// <summary>Changes where the guest goes.</summary>
    public Func<FixupTarget, FixupTarget> Adjust { get; init; } = target => target;

    /// <summary>The rules; null for all.</summary>
    public IReadOnlyList<IFixupRule>? Rules { get; init; }

    public static string SystemFile => Config + "SYSTEM";

    public static WindowsDisk Of(Hive system, Hive software, ushort machine = 0x8664, Func<FixupTarget, FixupTarget>? adjust = null, IReadOnlyList<IFixupRule>? rules = null)
    {
        var disk = new WindowsDisk(system, software, machine) { Adjust = adjust ?? (target => target), Rules = rules };
        disk.Add(SystemFile, system.Save().Content.ToArray());
        return disk;
    }

    public static WindowsDisk Of(byte[] system, IReadOnlyList<HiveLog> logs, Hive software, ushort machine = 0x8664)
    {
        var disk = new WindowsDisk(Hive.Open(system, new HiveOpenOptions { Name = "SYSTEM", Logs = logs }), software, machine);
        disk.Add(SystemFile, system);
        foreach (var log in logs)
        {
            disk.Add(Config + log.Name, log.Content.ToArray());
        }

        return disk;
    }

    public WindowsDisk Add(string path, byte[] content)
    {
        if (_files.Add(path))
        {
            Volume.File(path, content);
        }

        return this;
    }

    public byte[] Bytes(string path) => System.Text.Encoding.Latin1.GetBytes(Volume.Text(path));

    public Hive OpenSystem() => Hive.Open(Bytes(SystemFile), new HiveOpenOptions { Name = "SYSTEM" });

    public Task<GuestInspection> InspectAsync(string bootFolder = "") =>
        new WindowsInspector(new GuestTree(Volume)).InspectAsync(bootFolder, TestContext.Current.CancellationToken);

    public async Task<FixupPlan> PlanAsync(string platform = "hyperv", Firmware firmware = Firmware.Bios, string bootFolder = "", VirtioWin? virtio = null)
    {
        var guest = await InspectAsync(bootFolder) with { Firmware = firmware };
        var target = Adjust(new FixupTarget(platform, null, SampleGuest.Machine with { Firmware = firmware }));
        return await new FixupPlanner(Rules, virtio).PlanAsync(guest, target, new GuestTree(Volume), "/nonexistent", null, TestContext.Current.CancellationToken);
    }

    /// <summary>Plans, writes, reads back, and plans again, which must find nothing to do.</summary>
    public async Task<FixupPlan> ConvertAsync(string platform = "hyperv", Firmware firmware = Firmware.Bios, string bootFolder = "", VirtioWin? virtio = null)
    {
        var plan = await PlanAsync(platform, firmware, bootFolder, virtio);
        Assert.False(plan.IsRefused, string.Join("; ", plan.Findings.Select(f => f.Message)));
        var applier = new PlanApplier(new GuestTree(Volume));
        await applier.ApplyAsync(plan, null, TestContext.Current.CancellationToken);
        await applier.VerifyAsync(plan, TestContext.Current.CancellationToken);
        var again = await PlanAsync(platform, firmware, bootFolder, virtio);
        Assert.Equal([], again.Changes.Select(c => c.Summary));
        Assert.Empty(again.HiveFiles);
        return plan;
    }

    /// <summary>A key and everything below it as hivexregedit, which shares no code with Ferry, reads it: a line for each value.</summary>
    public static async Task<SortedDictionary<string, string>> ExportAsync(byte[] hive, string key)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/hivexregedit"), "hivexregedit is not installed");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, hive, TestContext.Current.CancellationToken);
            using var process = Process.Start(new ProcessStartInfo("hivexregedit", ["--export", file, key]) { RedirectStandardOutput = true, StandardOutputEncoding = System.Text.Encoding.Latin1 })!;
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            return Lines(output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static SortedDictionary<string, string> Lines(string export)
    {
        var lines = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var key = "";
        foreach (var line in export.Split('\n').Skip(1).Where(l => l.Length > 0))
        {
            if (line[0] == '[')
            {
                key = line.Trim('[', ']');
                lines[key] = "";
            }
            else
            {
                var name = line.Split("\"=", 2)[0].Trim('"');
                lines[$"{key} {name}"] = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
            }
        }

        return lines;
    }

    /// <summary>The least that says for which machine a program is.</summary>
    private static byte[] Program(ushort machine)
    {
        var program = new byte[512];
        program[0] = (byte)'M';
        program[1] = (byte)'Z';
        program[0x3C] = 0x80;
        "PE\0\0"u8.CopyTo(program.AsSpan(0x80));
        BitConverter.TryWriteBytes(program.AsSpan(0x84), machine);
        return program;
    }

    /// <summary>A SOFTWARE hive that says which version it is.</summary>
    public static Hive Software(string version, int build, string installation, string? tools = null)
    {
        var hive = Hive.Create();
        var key = hive.Root.Create("Microsoft\\Windows NT\\CurrentVersion");
        var parts = version.Split('.');
        if (parts[0] == "10")
        {
            key.SetDWord("CurrentMajorVersionNumber", 10);
            key.SetDWord("CurrentMinorVersionNumber", 0);
            key.SetString("CurrentVersion", "6.3");
        }
        else
        {
            key.SetString("CurrentVersion", version);
        }

        key.SetString("CurrentBuildNumber", build.ToString(CultureInfo.InvariantCulture));
        key.SetString("InstallationType", installation);
        key.SetString("EditionID", "Sample");
        if (tools is not null)
        {
            hive.Root.Create("Microsoft\\Windows\\CurrentVersion\\Run").SetString(tools, "vmtoolsd.exe");
        }

        return hive;
    }
}
