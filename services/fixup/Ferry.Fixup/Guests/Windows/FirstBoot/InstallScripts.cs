using System.Text;

namespace Ferry.Fixup.Guests.Windows.FirstBoot;

/// <summary>Scripts that install what was put into the guest. Only names that <see cref="WindowsPackages"/> lets pass stand in them.</summary>
internal static class InstallScripts
{
    /// <summary>Installs every driver of virtio-win; one that no device wants is kept for later (259).</summary>
    public const string Drivers = """
        @echo off
        rem Made by ferry: installs the drivers of virtio-win.
        setlocal
        set failed=0
        set restart=0
        for %%f in ("%SystemRoot%\Drivers\VirtIO\*.inf") do call :install "%%f"
        if %failed%==1 exit /b 1
        if %restart%==1 exit /b 3010
        exit /b 0
        :install
        "%SystemRoot%\System32\pnputil.exe" -i -a %1
        set code=%errorlevel%
        if %code%==3010 set restart=1
        if not %code%==0 if not %code%==259 if not %code%==3010 set failed=1
        exit /b 0

        """;

    /// <summary>Installs packages of Windows Installer, which waits for another installation (1618).</summary>
    /// <param name="names">Names of the files.</param>
    public static string Packages(IEnumerable<string> names)
    {
        var text = new StringBuilder("""
            @echo off
            rem Made by ferry: installs the packages that were offered for this platform.
            setlocal
            set failed=0
            set restart=0

            """);
        foreach (var name in names)
        {
            text.Append("set tries=20\ncall :install \"").Append(name).Append("\"\n");
        }

        return text.Append("""
            if %failed%==1 exit /b 1
            if %restart%==1 exit /b 3010
            exit /b 0
            :install
            "%SystemRoot%\System32\msiexec.exe" /i "%~dp0..\packages\%~1" /qn /norestart
            set code=%errorlevel%
            if not %code%==1618 goto result
            set /a tries-=1
            if %tries%==0 goto result
            "%SystemRoot%\System32\ping.exe" -n 31 127.0.0.1 >nul
            goto install
            :result
            echo %~1 has ended with code %code%
            if %code%==3010 set restart=1
            if not %code%==0 if not %code%==3010 set failed=1
            exit /b 0

            """).ToString();
    }
}
