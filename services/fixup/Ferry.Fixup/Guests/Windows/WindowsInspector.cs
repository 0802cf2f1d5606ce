using System.Globalization;
using System.Text;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Volumes;
using Ferry.Hives;
using Ferry.Hives.ControlSets;

namespace Ferry.Fixup.Guests.Windows;

/// <summary>Reads what a mounted Windows says about itself: the SYSTEM and SOFTWARE hives, recovered from their logs.</summary>
internal sealed class WindowsInspector(GuestTree tree)
{
    private const string CurrentVersion = "Microsoft\\Windows NT\\CurrentVersion";
    private const int HeaderPointer = 0x3C;
    private const int HeaderLimit = 64 * 1024 * 1024;
    private static readonly string[] Folders = ["Windows", "WINNT"];
    private static readonly string[] BootStores = ["EFI/Microsoft/Boot/BCD", "Boot/BCD"];
    private readonly WindowsFiles _files = new(tree);
    private readonly GuestHives _hives = new(tree, TimeProvider.System);

    /// <summary>The canonical path of a folder that is always there, under which the boot volume is mounted.</summary>
    public async Task<string?> MountPointAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in Folders)
        {
            if (await _files.FindAsync($"{folder}/Temp", cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Version, edition, architecture, control sets, adapters, tools.</summary>
    /// <param name="bootFolder">Where the boot volume is mounted, or the root; null where it is not known.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="GuestRefusedException">A hive is missing, damaged or cannot be recovered.</exception>
    public async Task<GuestInspection> InspectAsync(string? bootFolder, CancellationToken cancellationToken)
    {
        var root = await RootAsync(cancellationToken);
        var systemFile = await _files.FindAsync($"{root}/System32/config/SYSTEM", cancellationToken);
        var softwareFile = await _files.FindAsync($"{root}/System32/config/SOFTWARE", cancellationToken);
        if (systemFile is null || softwareFile is null)
        {
            throw new GuestRefusedException(GuestFindings.Unknown($"{root} without the hives SYSTEM and SOFTWARE"));
        }

        try
        {
            var system = await _hives.OpenAsync(systemFile, cancellationToken);
            var software = await _hives.OpenAsync(softwareFile, cancellationToken);
            var guest = Read(system, software) with
            {
                SystemRoot = root,
                SystemHive = systemFile,
                SoftwareHive = softwareFile,
                BootStore = await BootStoreAsync(bootFolder, cancellationToken),
            };
            return new GuestInspection
            {
                Family = WindowsRules.Family,
                Distribution = WindowsRules.Family,
                Version = string.Create(CultureInfo.InvariantCulture, $"{guest.Version}.{guest.Build}.{guest.Revision}"),
                PrettyName = WindowsVersions.NameOf(guest),
                Architecture = await ArchitectureAsync(root, cancellationToken),
                BootLoader = guest.BootStore is null ? "" : "bootmgr",
                Windows = guest,
            };
        }
        catch (HiveException e)
        {
            throw new GuestRefusedException(GuestFindings.Hive(e));
        }
    }

    /// <summary>What the two hives say.</summary>
    internal static WindowsGuest Read(Hive system, Hive software)
    {
        var version = software.Get(CurrentVersion);
        var sets = ControlSetList.Of(system);
        var current = sets.Current;
        return new WindowsGuest
        {
            SystemRoot = "",
            SystemHive = "",
            SoftwareHive = "",
            Version = VersionOf(version),
            Build = int.TryParse(Text(version, "CurrentBuildNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var build) ? build : 0,
            Revision = version.Value("UBR") is { Type: HiveValueType.DWord } revision ? (int)revision.GetDWord() : 0,
            InstallationType = Text(version, "InstallationType"),
            Edition = Text(version, "EditionID"),
            ProductType = current.Find("Control\\ProductOptions") is { } product ? Text(product, "ProductType") : "",
            ControlSets = [.. sets.All.Select(s => s.Name)],
            CurrentControlSet = current.Name,
            HasVmwareTools = VmwareNames.Services.Any(s => current.Find($"Services\\{s}") is not null),
            Adapters = WindowsAdapters.Read(current),
            HasStaticIpv6 = WindowsAdapters.HasStaticIpv6(current),
        };
    }

    private static Version VersionOf(HiveKey key)
    {
        if (key.Value("CurrentMajorVersionNumber") is { Type: HiveValueType.DWord } major)
        {
            return new Version((int)major.GetDWord(), key.Value("CurrentMinorVersionNumber") is { Type: HiveValueType.DWord } minor ? (int)minor.GetDWord() : 0);
        }

        return Version.TryParse(Text(key, "CurrentVersion"), out var version)
            ? new Version(version.Major, version.Minor)
            : throw new HiveException(HiveErrors.Missing, $"{CurrentVersion} does not say which version of Windows it is.", "SOFTWARE");
    }

    private static string Text(HiveKey key, string name) => key.Value(name) is { Type: HiveValueType.Sz or HiveValueType.ExpandSz } value ? value.GetString() : "";

    private async Task<string> RootAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in Folders)
        {
            if (await _files.FindAsync($"{folder}/System32/config/SYSTEM", cancellationToken) is not null && await _files.FindAsync(folder, cancellationToken) is { } root)
            {
                return root;
            }
        }

        throw new GuestRefusedException(GuestFindings.Unknown("a Windows without its registry"));
    }

    private async Task<string?> BootStoreAsync(string? bootFolder, CancellationToken cancellationToken)
    {
        foreach (var store in bootFolder is null ? [] : BootStores)
        {
            if (await _files.FindAsync($"{bootFolder}/{store}", cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The machine that the command interpreter is built for: SYSTEM's own word is the process's that wrote it.</summary>
    private async Task<string> ArchitectureAsync(string root, CancellationToken cancellationToken)
    {
        foreach (var name in new[] { "cmd.exe", "ntoskrnl.exe" })
        {
            if (await _files.FindAsync($"{root}/System32/{name}", cancellationToken) is { } file)
            {
                return MachineOf(await tree.Volume.ReadAsync(file, HeaderLimit, cancellationToken));
            }
        }

        return "";
    }

    private static string MachineOf(ReadOnlySpan<byte> program)
    {
        var header = program.Length >= HeaderPointer + sizeof(int) ? BitConverter.ToInt32(program[HeaderPointer..]) : -1;
        return header < 0 || header > program.Length - 6 || Encoding.Latin1.GetString(program.Slice(header, 4)) != "PE\0\0" ? "" : BitConverter.ToUInt16(program[(header + 4)..]) switch
        {
            0x8664 => "x86_64",
            0x014C => "i386",
            0xAA64 => "aarch64",
            _ => "",
        };
    }
}
