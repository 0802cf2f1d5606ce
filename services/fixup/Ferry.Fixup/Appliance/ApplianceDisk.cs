namespace Ferry.Fixup.Appliance;

/// <summary>A disk as the appliance attaches it.</summary>
/// <param name="Place">Path of a Unix socket that serves NBD, or of an image file.</param>
/// <param name="Format"><c>nbd</c>, or the file's format (<c>raw</c>, <c>qcow2</c>); never detected by content, which the guest could forge.</param>
/// <param name="ReadOnly">Whether writes go to a throw-away layer of the appliance.</param>
public sealed record ApplianceDisk(string Place, string Format, bool ReadOnly)
{
    /// <summary>Format of a disk behind an NBD server on a Unix socket.</summary>
    public const string Nbd = "nbd";
}
