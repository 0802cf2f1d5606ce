using Ferry.DiskImages;

namespace Ferry.Cli.Image;

/// <summary>The failure is the target's and not the source's.</summary>
internal sealed class ImageTargetException(DiskImageException failure) : Exception(failure.Message, failure)
{
    public DiskImageException Failure { get; } = failure;
}
