using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.DiskImages;

namespace Ferry.Capture.Sources;

/// <summary>Failures of disk images as failures of a source: same code, with the place and a remedy.</summary>
internal static class SourceFailures
{
    /// <summary>The exception for a disk image's.</summary>
    public static SourceException From(DiskImageException image, SourcePlace place) => From(image, SourceText.Quote(place.Name));

    /// <summary>The exception for a disk image's.</summary>
    public static SourceException From(DiskImageException image, string place) => new(
        new Failure
        {
            Code = image.Code,
            Message = image.Message,
            Where = image.Where.Length > 0 ? image.Where : place,
            Remedy = Remedy(image.Code),
            Retryable = image.Code == DiskImageErrors.InputOutput,
        },
        image);

    /// <summary>Does something with a disk; what is wrong with its image becomes a failure of the source.</summary>
    public static async Task<T> WrapAsync<T>(MachineDisk disk, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (DiskImageException e)
        {
            throw From(e, disk.Image);
        }
    }

    private static string Remedy(string code) => code switch
    {
        DiskImageErrors.UnknownFormat => "Check that the file is the disk's image or descriptor and was copied completely.",
        DiskImageErrors.UnsupportedVariant => "Consolidate the machine's snapshots, or export it to an OVF package, then try again.",
        DiskImageErrors.Truncated or DiskImageErrors.Corrupt or DiskImageErrors.Incomplete => "Copy or export the source again: this copy of it is damaged or not complete.",
        DiskImageErrors.ForbiddenReference => "Put all files of the disk into the folder of its descriptor, and write bare file names there.",
        DiskImageErrors.MissingFile => "Copy all files of the machine into one folder, then try again.",
        DiskImageErrors.SourceChanged => "Shut the machine down, so that nothing writes to its disks, then try again.",
        DiskImageErrors.InputOutput => "Check the source's disk, permissions or network; the step is tried again by itself.",
        _ => "See docs/errors.md.",
    };
}
