namespace Ferry.Fixup.Rehearsal.Models;

/// <summary>The files of a UEFI firmware for QEMU, without Secure Boot.</summary>
/// <param name="Code">The firmware; read only.</param>
/// <param name="Variables">The variables' first content; copied for each machine.</param>
internal sealed record UefiFirmware(string Code, string Variables)
{
    /// <summary>Where distributions put them: Debian and Ubuntu, Fedora and RHEL, SUSE, Arch.</summary>
    private static readonly string[] Folders = ["/usr/share/OVMF", "/usr/share/edk2/ovmf", "/usr/share/edk2/x64", "/usr/share/edk2-ovmf/x64", "/usr/share/qemu"];

    private static readonly (string Code, string Variables)[] Names =
    [
        ("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"),
        ("OVMF_CODE.4m.fd", "OVMF_VARS.4m.fd"),
        ("OVMF_CODE.fd", "OVMF_VARS.fd"),
        ("ovmf-x86_64-4m-code.bin", "ovmf-x86_64-4m-vars.bin"),
        ("ovmf-x86_64-code.bin", "ovmf-x86_64-vars.bin"),
    ];

    /// <summary>The first pair of files that is there, or null.</summary>
    /// <param name="first">Folders that are searched before the usual ones, with colons between them, or null.</param>
    public static UefiFirmware? Find(string? first) =>
        (from folder in (first?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? []).Concat(Folders)
         from name in Names
         let found = new UefiFirmware(Path.Combine(folder, name.Code), Path.Combine(folder, name.Variables))
         where File.Exists(found.Code) && File.Exists(found.Variables)
         select found).FirstOrDefault();
}
