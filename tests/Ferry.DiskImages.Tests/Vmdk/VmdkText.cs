namespace Ferry.DiskImages.Tests.Vmdk;

/// <summary>Descriptors as VMware writes them.</summary>
internal static class VmdkText
{
    public static string Descriptor(string createType, string extents, string cid = "fffffffe", string parentCid = "ffffffff", string? parent = null) =>
        $"# Disk DescriptorFile\nversion=1\nencoding=\"UTF-8\"\nCID={cid}\nparentCID={parentCid}\n{(parent is null ? "" : $"parentFileNameHint=\"{parent}\"\n")}createType=\"{createType}\"\n\n"
        + $"# Extent description\n{extents}\n\n# The Disk Data Base\n#DDB\n\nddb.adapterType = \"lsilogic\"\nddb.virtualHWVersion = \"8\"\n";
}
