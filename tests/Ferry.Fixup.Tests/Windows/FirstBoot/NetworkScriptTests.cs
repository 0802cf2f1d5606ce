using System.Text.RegularExpressions;
using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Guests.Windows.FirstBoot;
using FsCheck.Xunit;

namespace Ferry.Fixup.Tests.Windows.FirstBoot;

public sealed partial class NetworkScriptTests
{
    private const string Mac = "000C29FE5501";

    [Fact]
    public void Of_EverySetting_IsACommandOfItsOwn()
    {
        var adapter = new WindowsAdapter
        {
            Id = "{11111111-2222-3333-4444-555555555555}",
            Alias = "LAN ä",
            Addresses = ["192.0.2.10", "192.0.2.11"],
            Masks = ["255.255.255.0", "255.255.255.128"],
            Gateways = ["192.0.2.1", "192.0.2.254"],
            GatewayMetrics = ["0", "20"],
            NameServers = ["192.0.2.2", "192.0.2.3"],
            NameServers6 = ["2001:db8::53"],
            WinsServers = ["192.0.2.4"],
            Suffix = "corp.example",
            Metric = 15,
            NetbiosOptions = 2,
            RegistersUnderSuffix = true,
        };

        var commands = Commands(NetworkScript.Of(Mac, adapter));

        Assert.Equal(
        [
            ".\\first-boot.exe remove-absent",
            ".\\first-boot.exe rename %index% 4C0041004E002000E400",
            "\"%netsh%\" interface ipv4 set address name=%index% source=static address=192.0.2.10 mask=255.255.255.0",
            "\"%netsh%\" interface ipv4 add address name=%index% address=192.0.2.11 mask=255.255.255.128",
            "\"%netsh%\" interface ipv4 add address name=%index% gateway=192.0.2.1",
            "\"%netsh%\" interface ipv4 add address name=%index% gateway=192.0.2.254 gwmetric=20",
            "\"%netsh%\" interface ipv4 set dnsservers name=%index% source=static address=192.0.2.2 register=both validate=no",
            "\"%netsh%\" interface ipv4 add dnsservers name=%index% address=192.0.2.3 index=2 validate=no",
            "\"%netsh%\" interface ipv6 set dnsservers name=%index% source=static address=2001:db8::53 register=both validate=no",
            "\"%netsh%\" interface ipv4 set winsservers name=%index% source=static address=192.0.2.4",
            "\"%netsh%\" interface ipv4 set interface interface=%index% metric=15",
            "\"%reg%\" add \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces\\%id%\" /v Domain /d corp.example /f",
            "\"%reg%\" add \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\NetBT\\Parameters\\Interfaces\\Tcpip_%id%\" /v NetbiosOptions /t REG_DWORD /d 2 /f",
            "if %failed%==0 .\\first-boot.exe forget {11111111-2222-3333-4444-555555555555}",
        ],
            commands);
    }

    [Fact]
    public void Of_DhcpWithItsOwnNameServer_KeepsDhcp()
    {
        var commands = Commands(NetworkScript.Of(Mac, new WindowsAdapter { Id = "x", IsDhcp = true, Addresses = ["192.0.2.10"], Masks = ["255.0.0.0"], NameServers = ["192.0.2.2"] }));

        Assert.Equal([".\\first-boot.exe remove-absent", "\"%netsh%\" interface ipv4 set dnsservers name=%index% source=static address=192.0.2.2 register=primary validate=no"], commands);
    }

    [Theory]
    [InlineData("a\" & calc & \"")]
    [InlineData("%PATH%")]
    [InlineData("x\r\ncalc")]
    [InlineData("192.0.2.1 & calc")]
    [InlineData("fe80::1%3")]
    [InlineData("!x!^|<>()")]
    public void Of_HostileValue_NeverBecomesPartOfTheScript(string value) => IsHarmless(value);

    [Property]
    public void Of_AnyValue_LeavesOnlyKnownLines(string? value) => IsHarmless(value ?? "");

    private static void IsHarmless(string value)
    {
        string[] one = [value, "192.0.2.9"];
        var adapter = new WindowsAdapter
        {
            Id = value, Alias = value, Addresses = one, Masks = one, Gateways = one, GatewayMetrics = one, NameServers = one, NameServers6 = [value], WinsServers = one, Suffix = value,
        };

        var script = NetworkScript.Of(Mac, adapter);

        Assert.All(script.Split('\n'), line => Assert.Matches(Known(), line));
    }

    private static List<string> Commands(string script) =>
        [.. script.Split('\n').Where(l => l.StartsWith('"') || l.StartsWith(".\\", StringComparison.Ordinal) || l.StartsWith("if %failed%==0", StringComparison.Ordinal))];

    /// <summary>Every line that the script can have; values are numbers, addresses, names of the domain name system and hexadecimal digits.</summary>
    [GeneratedRegex(
        @"^(|@echo off|rem [A-Za-z :]+\.|setlocal|cd /d ""%~dp0\.\.""|set ""(netsh|reg)=%SystemRoot%\\System32\\(netsh|reg)\.exe""|set (failed|restart)=[01]|set index=|    set (index=%%a|id=%%b)|\)" +
        @"|for /f ""tokens=1,2"" %%a in \('\.\\first-boot\.exe adapter [0-9A-F]{12} 180'\) do \(|if not defined index exit /b 249|if errorlevel 1 set failed=1" +
        @"|if %(failed|restart)%==1 exit /b (1|3010)|exit /b 0|\.\\first-boot\.exe remove-absent|\.\\first-boot\.exe rename %index% [0-9A-F]+|if %failed%==0 \.\\first-boot\.exe forget \{[0-9a-f-]{36}\}" +
        @"|""%netsh%"" interface ipv[46] (set|add) (address|dnsservers|winsservers|interface) (name|interface)=%index%( source=static)?( (address|mask|gateway|gwmetric|metric|index)=[0-9a-fA-F:.]+| register=[a-z]+| validate=no)+" +
        @"|""%reg%"" add ""HKLM\\[A-Za-z\\]+(Tcpip_)?%id%"" /v (Domain /d [A-Za-z0-9._-]+|NetbiosOptions /t REG_DWORD /d [12]) /f)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Known();
}
