using System.Text.RegularExpressions;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Windows.FirstBoot;

/// <summary>
/// The installers that are offered to a Windows guest: <c>FOLDER/PLATFORM/windows-ARCHITECTURE/*.msi</c>, and for KVM the guest agent of virtio-win. A guest that has the platform's agent gets none.
/// </summary>
internal static partial class WindowsPackages
{
    /// <summary>Their paths on the worker; none when nothing is offered.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static async Task<IReadOnlyList<string>> FindAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        var system = await context.Hives.OpenAsync(guest.SystemHive, cancellationToken);
        var architecture = context.Guest.Architecture;
        if (architecture is not ("x86_64" or "i386") || Agents(context.Target.Platform).Any(a => system.Find($"{guest.CurrentControlSet}\\Services\\{a}") is not null))
        {
            return [];
        }

        var folder = context.Target.PackageFolder is { } packages ? Path.Combine(packages, context.Target.Platform, $"windows-{architecture}") : null;
        var files = folder is not null && Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Where(f => Installer().IsMatch(Path.GetFileName(f))).Order(StringComparer.Ordinal).ToList() : [];
        if (files.Count == 0 && context.Target.Platform == "kvm" && context.Virtio.GuestAgent(architecture) is { } agent)
        {
            files = [agent];
        }

        return files;
    }

    /// <summary>Services of the platforms' agents.</summary>
    private static string[] Agents(string platform) => platform switch
    {
        "kvm" => ["QEMU-GA", "qemu-ga"],
        "azure" => ["WindowsAzureGuestAgent", "RdAgent"],
        _ => [],
    };

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+-]{0,200}\.msi\z", RegexOptions.CultureInvariant)]
    private static partial Regex Installer();
}
