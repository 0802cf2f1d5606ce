using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>The files of an image in memory.</summary>
internal sealed class MemoryImageFiles(IReadOnlyDictionary<string, byte[]> files) : IImageFiles
{
    public ValueTask<IByteSource> OpenAsync(string name, CancellationToken cancellationToken = default)
    {
        ImageFileName.Require(name);
        return files.TryGetValue(name, out var bytes)
            ? ValueTask.FromResult<IByteSource>(new MemoryByteSource(name, bytes))
            : throw new InvalidDiskImageException(DiskImageErrors.MissingFile, "There is no such file.", name);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
