using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Ferry.Fixup.Guests.Windows.FirstBoot;

/// <summary>
/// The script that gives an adapter its settings again; it asks for another start where the adapter is not there yet. The registry is not trusted: every value is parsed and written anew, or has
/// a closed set of characters, or is handed over as hexadecimal digits; what is none of these is left out. netsh knows all of it from 2008 R2 on.
/// </summary>
internal static partial class NetworkScript
{
    private const int WaitSeconds = 180;
    private const int Again = 249;
    private const int LongestAlias = 255;
    private const string Services = "HKLM\\SYSTEM\\CurrentControlSet\\Services";
    private const string Head = """
        @echo off
        rem Made by ferry: gives a network adapter the settings that it had before the move.
        setlocal
        cd /d "%~dp0.."
        set "netsh=%SystemRoot%\System32\netsh.exe"
        set "reg=%SystemRoot%\System32\reg.exe"
        set failed=0
        set restart=0
        set index=

        """;

    private const string Tail = """
        if %failed%==1 exit /b 1
        if %restart%==1 exit /b 3010
        exit /b 0

        """;

    /// <summary>Its text; ASCII only.</summary>
    /// <param name="mac">The adapter's MAC address, twelve hexadecimal digits.</param>
    /// <param name="adapter">Its settings.</param>
    public static string Of(string mac, WindowsAdapter adapter)
    {
        var text = new StringBuilder(Head);
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        void Do(FormattableString command) => Line($"{command.ToString(CultureInfo.InvariantCulture)}\nif errorlevel 1 set failed=1");

        Line($"for /f \"tokens=1,2\" %%a in ('.\\first-boot.exe adapter {mac} {WaitSeconds}') do (");
        Line($"    set index=%%a");
        Line($"    set id=%%b");
        Line($")");
        Line($"if not defined index exit /b {Again}");

        // The old platform's adapter is there no more, and its name is free again.
        Line($".\\first-boot.exe remove-absent");
        if (adapter.Alias.Length is > 0 and <= LongestAlias)
        {
            Line($".\\first-boot.exe rename %index% {Convert.ToHexString(Encoding.Unicode.GetBytes(adapter.Alias))}");
        }

        Addresses(adapter, Do);
        Servers(adapter, Do);
        if (adapter.Metric is > 0 and < int.MaxValue)
        {
            Do($"\"%netsh%\" interface ipv4 set interface interface=%index% metric={adapter.Metric}");
        }

        if (Suffix().IsMatch(adapter.Suffix))
        {
            Do($"\"%reg%\" add \"{Services}\\Tcpip\\Parameters\\Interfaces\\%id%\" /v Domain /d {adapter.Suffix} /f");
            Line($"set restart=1");
        }

        if (adapter.NetbiosOptions is 1 or 2)
        {
            Do($"\"%reg%\" add \"{Services}\\NetBT\\Parameters\\Interfaces\\Tcpip_%id%\" /v NetbiosOptions /t REG_DWORD /d {adapter.NetbiosOptions} /f");
            Line($"set restart=1");
        }

        if (Guid.TryParseExact(adapter.Id, "B", out var id))
        {
            Line($"if %failed%==0 .\\first-boot.exe forget {id.ToString("B", CultureInfo.InvariantCulture)}");
        }

        return text.Append(Tail).ToString();
    }

    private static void Addresses(WindowsAdapter adapter, Action<FormattableString> run)
    {
        if (adapter.IsDhcp)
        {
            return;
        }

        var addresses = adapter.Addresses.Zip(adapter.Masks).Select(p => (Address: V4(p.First), Mask: V4(p.Second))).Where(p => p.Address is not null && p.Mask is not null).ToList();
        for (var i = 0; i < addresses.Count; i++)
        {
            var (address, mask) = addresses[i];
            run(i == 0
                ? $"\"%netsh%\" interface ipv4 set address name=%index% source=static address={address} mask={mask}"
                : (FormattableString)$"\"%netsh%\" interface ipv4 add address name=%index% address={address} mask={mask}");
        }

        for (var i = 0; addresses.Count > 0 && i < adapter.Gateways.Count; i++)
        {
            if (V4(adapter.Gateways[i]) is { } gateway)
            {
                var metric = i < adapter.GatewayMetrics.Count && ushort.TryParse(adapter.GatewayMetrics[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                    ? string.Create(CultureInfo.InvariantCulture, $" gwmetric={number}") : "";
                run($"\"%netsh%\" interface ipv4 add address name=%index% gateway={gateway}{metric}");
            }
        }
    }

    private static void Servers(WindowsAdapter adapter, Action<FormattableString> run)
    {
        var register = !adapter.RegistersAddresses ? "none" : adapter.RegistersUnderSuffix ? "both" : "primary";
        List("ipv4", "dnsservers", [.. adapter.NameServers.Select(V4).OfType<IPAddress>()], $" register={register}", " validate=no");
        List("ipv6", "dnsservers", [.. adapter.NameServers6.Select(V6).OfType<IPAddress>()], $" register={register}", " validate=no");
        List("ipv4", "winsservers", [.. adapter.WinsServers.Select(V4).OfType<IPAddress>()], "", "");

        void List(string family, string kind, IReadOnlyList<IPAddress> servers, string first, string all)
        {
            for (var i = 0; i < servers.Count; i++)
            {
                run(i == 0
                    ? $"\"%netsh%\" interface {family} set {kind} name=%index% source=static address={servers[i]}{first}{all}"
                    : (FormattableString)$"\"%netsh%\" interface {family} add {kind} name=%index% address={servers[i]} index={i + 1}{all}");
            }
        }
    }

    private static IPAddress? V4(string text) => IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork ? address : null;

    /// <summary>Without a scope: its number is another one at the target.</summary>
    private static IPAddress? V6(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId == 0 ? address : null;

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,252}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Suffix();
}
