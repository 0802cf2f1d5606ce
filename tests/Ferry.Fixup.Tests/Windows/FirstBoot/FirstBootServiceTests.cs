using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Text;
using Ferry.Fixup.Guests.Windows.FirstBoot;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Hives;

namespace Ferry.Fixup.Tests.Windows.FirstBoot;

/// <summary>The service itself, as the fix-up leaves it in a guest, under Wine's service control manager. No Windows has run it yet.</summary>
public sealed class FirstBootServiceTests
{
    private const string Folder = "/Windows/FerryFirstBoot/";
    private const string Key = "\\ControlSet001\\Services\\FerryFirstBoot";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Libraries that every Windows since 7 and 2008 R2 has.</summary>
    [Theory]
    [InlineData("x86_64", "x86_64")]
    [InlineData("i386", "i686")]
    public async Task Program_NeedsOnlyLibrariesOfWindows(string architecture, string tools)
    {
        var objdump = $"/usr/bin/{tools}-w64-mingw32-objdump";
        Assert.SkipUnless(File.Exists(objdump), "mingw-w64 is not installed");
        var program = FirstBootProgram.For(architecture);
        Assert.NotNull(program);
        using var scratch = new ScratchFolder();
        var file = Path.Combine(scratch.Path, "first-boot.exe");
        await File.WriteAllBytesAsync(file, program, Token);

        var headers = await SampleGuest.RunAsync(objdump, "-p", file);

        var libraries = headers.Split('\n').Where(l => l.Contains("DLL Name:", StringComparison.Ordinal)).Select(l => l.Split(':')[1].Trim().ToUpperInvariant());
        Assert.Equal(["ADVAPI32.DLL", "IPHLPAPI.DLL", "KERNEL32.DLL", "MSVCRT.DLL", "SETUPAPI.DLL"], libraries.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("api-ms-win", headers, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task Service_RunsEveryScriptOnce_GoesOnAfterARestart_AndRemovesItself()
    {
        Assert.SkipWhen(FirstBootProgram.For("x86_64") is null, "mingw-w64 is not installed");
        using var wine = await WinePrefix.CreateAsync();
        var mac = NetworkInterface.GetAllNetworkInterfaces().Where(n => n.NetworkInterfaceType == NetworkInterfaceType.Ethernet && n.OperationalStatus == OperationalStatus.Up)
            .Select(n => n.GetPhysicalAddress()).FirstOrDefault(a => a.GetAddressBytes() is { Length: 6 } bytes && bytes.Any(b => b != 0))?.ToString();
        Assert.SkipWhen(mac is null, "this machine has no Ethernet adapter");
        await RecorderAsync(wine);
        await InstallAsync(wine, mac!, [
            Script("hello.cmd", "echo hello from the first script\r\necho \"%~1\" %cd%"),
            Script("fails.cmd", "exit /b 7"),
            Script("later.cmd", "if exist C:\\later exit /b 0\r\necho x >C:\\later\r\nexit /b 249"),
            Script("restarts.cmd", "exit /b 3010"),
            Script("hangs.cmd", "ping -n 90 127.0.0.1 >nul"),
            Script("last.cmd", "echo the last one"),
        ]);

        await wine.RunAsync("wineboot");
        await WinePrefix.UntilAsync(() => Log(wine).Contains("Windows restarts", StringComparison.Ordinal), () => Log(wine));
        wine.SwitchOff();
        await wine.RunAsync("wineboot");
        await WinePrefix.UntilAsync(() => !Directory.Exists(wine.Drive + "/windows/FerryFirstBoot"), () => Log(wine));

        var log = Log(wine);
        var lines = log.ReplaceLineEndings("\n").Split('\n').Select(l => l.Length > 20 && l[19] == 'Z' ? l[21..] : l).ToList();
        Assert.Equal(
        [
            "020-network-00.cmd begins", "020-network-00.cmd has ended with code 0",
            "100-hello.cmd begins", "hello from the first script", "\"\" C:\\windows\\FerryFirstBoot", "100-hello.cmd has ended with code 0",
            "101-fails.cmd begins", "101-fails.cmd failed with code 7",
            "102-later.cmd begins", "102-later.cmd has ended with code 249",
            "103-restarts.cmd begins", "103-restarts.cmd has ended with code 3010", "Windows restarts; what is left is run then",
            "102-later.cmd begins", "102-later.cmd has ended with code 0",
            "104-hangs.cmd begins", "has not ended after 15 seconds and is killed",
            "105-last.cmd begins", "the last one", "105-last.cmd has ended with code 0",
            "everything has run; the service is removed", "",
        ],
            lines.Where(l => !l.StartsWith("removed ", StringComparison.Ordinal)));
        Assert.DoesNotContain("FerryFirstBoot", await ServicesAsync(wine), StringComparison.Ordinal);
        var calls = (await File.ReadAllLinesAsync(wine.Drive + "/calls.txt", Token)).Select(c => c.TrimEnd()).ToList();
        Assert.Contains(calls, c => c.Contains("interface set interface name=\"", StringComparison.Ordinal) && c.EndsWith(" newname=\"Ethernet0\"", StringComparison.Ordinal));
        Assert.Contains(calls, c => c.Contains("interface ipv4 set address name=", StringComparison.Ordinal) && c.EndsWith("source=static address=192.0.2.10 mask=255.255.255.0", StringComparison.Ordinal));
        Assert.Contains(calls, c => c.EndsWith("address=192.0.2.3 index=2 validate=no", StringComparison.Ordinal));
    }

    private static FirstBootScript Script(string name, string text) => new(name, Encoding.ASCII.GetBytes($"@echo off\r\n{text}\r\n"));

    private static string Log(WinePrefix wine)
    {
        var file = Directory.EnumerateFiles(wine.Drive + "/windows", "ferry-first-boot.log", SearchOption.AllDirectories).FirstOrDefault();
        return file is null ? "there is no log" : File.ReadAllText(file);
    }

    private static async Task<string> ServicesAsync(WinePrefix wine)
    {
        await wine.RunAsync("regedit", "/E", "C:\\services.reg", "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services");
        return await File.ReadAllTextAsync(wine.Drive + "/services.reg", Encoding.Unicode, Token);
    }

    /// <summary>Plans for a guest in memory, and puts what the plan makes into Wine: the files as they are, the service's key as hivexregedit reads it from the hive.</summary>
    private static async Task InstallAsync(WinePrefix wine, string mac, IReadOnlyList<FirstBootScript> scripts)
    {
        var system = SyntheticSystem.Create(true);
        foreach (var set in SyntheticSystem.ControlSets)
        {
            system.Get($"{set}\\Control\\NetworkSetup2\\Interfaces\\{SyntheticSystem.Id}\\Kernel").SetBinary("PermanentAddress", Convert.FromHexString(mac));
        }

        var disk = WindowsDisk.Of(system, WindowsDisk.Software("10.0", 17763, "Server"), adjust: t => t with { Machine = t.Machine with { Nics = [new() { Index = 0, MacAddress = mac }] }, FirstBootScripts = scripts });
        await disk.ConvertAsync();
        foreach (var (path, content) in disk.Volume.Files.Where(f => f.Key.StartsWith(Folder, StringComparison.Ordinal)))
        {
            var place = wine.Drive + "/windows/" + path["/Windows/".Length..];
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            await File.WriteAllBytesAsync(place, content, Token);
        }

        using var scratch = new ScratchFolder();
        var hive = Path.Combine(scratch.Path, "SYSTEM");
        await File.WriteAllBytesAsync(hive, disk.Bytes(WindowsDisk.SystemFile), Token);
        var export = await SampleGuest.RunAsync("hivexregedit", "--export", "--prefix", "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\FerryFirstBoot", hive, Key);
        var key = export.Replace("]\\ControlSet001", "]", StringComparison.Ordinal).Replace(Key + "]", "]", StringComparison.Ordinal);

        // A limit of half an hour is none for a test.
        key = key.Replace(Hex("1800"), Hex("15"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(wine.Drive + "/key.reg", "\uFEFF" + key.ReplaceLineEndings("\r\n"), Encoding.Unicode, Token);
        await wine.RunAsync("regedit", "/S", "C:\\key.reg");
        wine.SwitchOff();
    }

    private static string Hex(string text) => string.Join(',', Encoding.Unicode.GetBytes(text).Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));

    private static async Task RecorderAsync(WinePrefix wine)
    {
        using var scratch = new ScratchFolder();
        var source = Path.Combine(scratch.Path, "recorder.c");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Windows", "FirstBoot", "recorder.c.txt"), source);
        foreach (var program in new[] { "netsh.exe", "reg.exe" })
        {
            await SampleGuest.RunAsync("/usr/bin/x86_64-w64-mingw32-gcc", "-Os", "-s", "-o", $"{wine.Drive}/windows/system32/{program}", source);
        }
    }
}
