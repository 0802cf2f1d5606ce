using Ferry.Fixup.Rehearsal.FirstBoot;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>What runs at a Linux guest's first start: a systemd unit, its runner, and the script that installs packages.</summary>
internal static class FirstBootFiles
{
    /// <summary>Folder of everything but the unit.</summary>
    public const string Folder = "/usr/local/lib/ferry-first-boot";

    /// <summary>The unit.</summary>
    public const string Unit = "/etc/systemd/system/ferry-first-boot.service";

    /// <summary>What makes systemd start it.</summary>
    public const string Wanted = "/etc/systemd/system/multi-user.target.wants/ferry-first-boot.service";

    /// <summary>Text of the unit.</summary>
    public const string UnitText = $"""
        # Made by ferry: runs the scripts of the first start, and removes itself.
        [Unit]
        Description=First start after the move to this platform
        ConditionPathExists={Folder}/run
        After=local-fs.target network.target

        [Service]
        Type=oneshot
        ExecStart=/bin/sh {Folder}/run
        TimeoutStartSec=30min

        [Install]
        WantedBy=multi-user.target

        """;

    /// <summary>
    /// The runner. A script is moved away before it starts, so that none runs twice, also when one restarts the machine; one that fails does not keep the others from running.
    /// </summary>
    public const string Runner = $"""
        #!/bin/sh
        # Made by ferry: runs the scripts of the first start in order, each once, and removes itself.
        folder={Folder}
        umask 077
        exec >>/var/log/ferry-first-boot.log 2>&1
        for script in "$folder"/scripts/*; do
            [ -f "$script" ] || continue
            name=$(basename "$script")
            mv "$script" "$folder/$name" || continue
            echo "$(date) $name begins"
            if "$folder/$name" </dev/null; then
                echo "$(date) $name has ended"
            else
                echo "$(date) $name failed with code $?"
            fi
            rm -f "$folder/$name"
        done
        systemctl disable ferry-first-boot.service
        rm -f {Wanted} {Unit}
        rm -rf "$folder"

        # No reload now: without its file this unit would have the default time limit, and may be past it.
        echo "$(date) everything has run"
        if [ "$(cat {FirstBootTag.LinuxFile} 2>/dev/null)" = {FirstBootTag.Value} ]; then
            # Started before the move, for this alone.
            systemctl --no-block poweroff
        fi

        """;

    /// <summary>Text of the script that installs what was offered, without reaching for a network.</summary>
    /// <param name="debian">Whether they are Debian's packages.</param>
    /// <param name="services">Services that are started where the packages have brought them.</param>
    public static string Installer(bool debian, IEnumerable<string> services) => $"""
        #!/bin/sh
        # Made by ferry: installs the packages that were offered for this platform.
        {(debian ? $"DEBIAN_FRONTEND=noninteractive dpkg --install --force-confold {Folder}/packages/*.deb" : $"rpm --upgrade --replacepkgs {Folder}/packages/*.rpm")}
        code=$?
        systemctl daemon-reload
        for service in {string.Join(' ', services)}; do
            if systemctl cat "$service.service" >/dev/null 2>&1; then
                systemctl enable --now "$service.service"
            fi
        done
        exit $code

        """;
}
