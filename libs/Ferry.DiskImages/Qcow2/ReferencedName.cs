using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Qcow2;

/// <summary>
/// Names of other files in a QCOW2 header. QEMU takes them for paths, for protocols ("nbd:...", "file:...") or for options ("json:{...}"), which is how images have
/// made servers read files that they should not (CVE-2022-47951, CVE-2024-32498, CVE-2024-4467). Here only a plain name of a file beside the image is one.
/// </summary>
internal static class ReferencedName
{
    /// <summary>Checks a name.</summary>
    /// <exception cref="InvalidDiskImageException"><see cref="DiskImageErrors.ForbiddenReference"/>.</exception>
    internal static void Require(string name, string what, string file)
    {
        try
        {
            ImageFileName.Require(name);
        }
        catch (InvalidDiskImageException e)
        {
            throw Forbidden($"{e.Message} It is the {what}.", file);
        }

        if (name.Contains(':', StringComparison.Ordinal))
        {
            throw Forbidden($"The {what} \"{ImageFileName.Printable(name)}\" is a protocol or a set of options and no file beside the image.", file);
        }
    }

    private static InvalidDiskImageException Forbidden(string message, string file) =>
        new(DiskImageErrors.ForbiddenReference, $"{message} Put both files into one folder and write the plain name into the image (qemu-img rebase -u, qemu-img amend).", file);
}
