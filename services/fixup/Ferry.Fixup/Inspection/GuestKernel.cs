namespace Ferry.Fixup.Inspection;

/// <summary>An installed kernel.</summary>
/// <param name="Version">Version, the name of its module folder.</param>
/// <param name="ModuleFolder">Path of the module folder.</param>
/// <param name="Image">Path of the kernel's file.</param>
/// <param name="Initrd">Path of its initial RAM disk, or null.</param>
/// <param name="Started">Whether the boot loader has an entry for it.</param>
public sealed record GuestKernel(string Version, string ModuleFolder, string Image, string? Initrd, bool Started);
