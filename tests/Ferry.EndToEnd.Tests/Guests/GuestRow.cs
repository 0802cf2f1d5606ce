namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>One guest of the table; the words are those of the script <c>guest-disk</c>, which makes it.</summary>
/// <param name="Layout">What stands where on its disk.</param>
/// <param name="Initramfs">How its initial RAM disk is compressed, or <c>dracut</c>.</param>
/// <param name="Network">Who has its static address.</param>
/// <param name="Tools">The hypervisor's tools in it, or <c>none</c>.</param>
public sealed record GuestRow(string Layout, string Initramfs, string Network, string Tools)
{
    /// <summary>Name of the row.</summary>
    public string Name => $"{Layout}-{Initramfs}";

    /// <summary>Whether it starts by UEFI.</summary>
    public bool IsUefi => Layout == "uefi";

    /// <summary>Whether the root is a logical volume, which has the same name everywhere.</summary>
    public bool IsLvm => Layout == "lvm";

    /// <summary>Whether the quick run boots it, on KVM's devices only.</summary>
    public bool Quick { get; init; }
}
