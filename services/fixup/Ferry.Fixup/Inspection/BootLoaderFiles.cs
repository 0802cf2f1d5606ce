using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Inspection;

/// <summary>The boot loader's files that are in a Linux guest.</summary>
/// <param name="Grub2">Configurations of GRUB 2, also those on the EFI system partition.</param>
/// <param name="Entries">Entries after the Boot Loader Specification.</param>
/// <param name="Grub1">Menus of GRUB 1.</param>
public sealed record BootLoaderFiles(IReadOnlyList<string> Grub2, IReadOnlyList<string> Entries, IReadOnlyList<string> Grub1)
{
    private const string EntryFolder = "/boot/loader/entries";
    private const string EfiFolder = "/boot/efi/EFI";
    private const int MostFiles = 200;

    /// <summary>Name of the boot loader for the inspection: <c>grub2</c>, <c>grub1</c>, or empty.</summary>
    public string Name => Grub2.Count > 0 ? "grub2" : Grub1.Count > 0 ? "grub1" : "";

    /// <summary>Looks for them.</summary>
    public static async Task<BootLoaderFiles> FindAsync(GuestTree tree, CancellationToken cancellationToken)
    {
        var vendors = (await tree.ListAsync(EfiFolder, cancellationToken)).Take(MostFiles).Select(v => $"{EfiFolder}/{v}").ToList();
        return new BootLoaderFiles(
            await ExistingAsync(["/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", .. vendors.Select(v => v + "/grub.cfg")]),
            [.. (await tree.ListAsync(EntryFolder, cancellationToken)).Where(f => f.EndsWith(".conf", StringComparison.Ordinal)).Take(MostFiles).Select(f => $"{EntryFolder}/{f}")],
            await ExistingAsync(["/boot/grub/menu.lst", "/boot/grub/grub.conf", .. vendors.Select(v => v + "/grub.conf")]));

        async Task<IReadOnlyList<string>> ExistingAsync(IEnumerable<string> files)
        {
            // menu.lst is often a link to grub.conf, and a folder may be one to another.
            var found = new List<string>();
            foreach (var file in files)
            {
                if (await tree.IsFileAsync(file, cancellationToken) && await tree.ResolveAsync(file, followLast: true, cancellationToken) is { } real && !found.Contains(real))
                {
                    found.Add(real);
                }
            }

            return found;
        }
    }

    /// <summary>The text of all of them, to look kernels up in.</summary>
    public async Task<string> TextAsync(GuestTree tree, CancellationToken cancellationToken)
    {
        var texts = new List<string>();
        foreach (var file in Grub2.Concat(Entries).Concat(Grub1))
        {
            texts.Add(await tree.ReadTextAsync(file, cancellationToken) ?? "");
        }

        return string.Join('\n', texts);
    }
}
