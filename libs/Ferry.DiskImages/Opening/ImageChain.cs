using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Opening;

/// <summary>The images from the one that was asked for down to the one that is being opened: finds parents, and refuses a chain without an end.</summary>
internal sealed class ImageChain
{
    /// <summary>Longest chain; VMware allows 32, Hyper-V 50 snapshots.</summary>
    internal const int MaximumDepth = 64;

    private readonly ImageChain? _child;
    private readonly string _name;
    private readonly int _depth;

    private ImageChain(IImageFiles files, string name, ImageChain? child, DiskImageOpenOptions options)
    {
        Files = files;
        Options = options;
        Cache = child?.Cache ?? new PageCache();
        _name = name;
        _child = child;
        _depth = child is null ? 1 : child._depth + 1;
    }

    /// <summary>Where all files of the chain are.</summary>
    internal IImageFiles Files { get; }

    /// <summary>One cache of table pages for all images of the chain, so that a long chain needs no more memory than one image.</summary>
    internal PageCache Cache { get; }

    /// <summary>Whether the image that is being opened is the parent of another.</summary>
    internal bool IsParent => _child is not null;

    /// <summary>The chain of the image that was asked for.</summary>
    internal static ImageChain Start(IImageFiles files, string name, DiskImageOpenOptions options) => new(files, name, null, options);

    /// <summary>What was asked for of the image that is being opened; a parent has the defaults.</summary>
    internal DiskImageOpenOptions Options { get; }

    /// <summary>Opens the parent of the image that is being opened, by the name that the image gives: a plain file name beside it.</summary>
    /// <param name="name">The parent's file name.</param>
    /// <param name="format">Its format where the image names it; null: detect, but never raw.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DiskImageException">The parent is not there, may not be named, or the chain has no end.</exception>
    internal ValueTask<IDiskImageReader> OpenParentAsync(string name, DiskImageFormat? format, CancellationToken cancellationToken)
    {
        for (var image = this; image is not null; image = image._child)
        {
            if (image._name == name)
            {
                throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The image is its own parent, by way of \"{name}\".", _name);
            }
        }

        return _depth < MaximumDepth
            ? DiskImage.OpenChainAsync(new ImageChain(Files, name, this, Options with { Format = format, LogicalSectorSize = 0 }), format, cancellationToken)
            : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The chain of parents is longer than {MaximumDepth} images.", _name);
    }

    /// <summary>Opens the file of the image itself.</summary>
    internal ValueTask<IByteSource> OpenFileAsync(CancellationToken cancellationToken) => Files.OpenAsync(_name, cancellationToken);

    /// <summary>Name of the image that is being opened.</summary>
    internal string Name => _name;
}
