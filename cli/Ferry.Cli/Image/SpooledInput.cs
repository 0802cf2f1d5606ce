using System.Globalization;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Cli.Image;

/// <summary>
/// A raw disk that came through standard input. Every format has to know the size of the disk before its first byte, so the stream is kept in a sparse temporary file
/// first, without a name where the system allows it, so that nothing is left of it whatever happens.
/// </summary>
internal sealed class SpooledInput : IImageFiles
{
    /// <summary>Name of the disk in messages.</summary>
    public const string Name = "standard input";

    private const int BufferSize = 1 << 20;
    private const int Granule = 64 * 1024;
    private const int NoSpaceLeft = 28;

    private readonly string _path;
    private readonly SafeFileHandle _handle;

    private SpooledInput(string path, SafeFileHandle handle)
    {
        _path = path;
        _handle = handle;
    }

    /// <summary>Reads the stream to its end.</summary>
    /// <param name="input">The stream.</param>
    /// <param name="folder">Where the temporary file is made.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<SpooledInput> ReadAsync(Stream input, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, $".ferry-{Guid.NewGuid():N}");
        try
        {
            var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.DeleteOnClose);
            if (OperatingSystem.IsLinux())
            {
                File.Delete(path);
            }

            var spooled = new SpooledInput(path, handle);
            try
            {
                await spooled.FillAsync(input, cancellationToken);
                return spooled;
            }
            catch
            {
                await spooled.DisposeAsync();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var code = e.HResult == NoSpaceLeft ? DiskImageErrors.NoSpace : DiskImageErrors.InputOutput;
            throw new ImageTargetException(new DiskImageException(code, $"The disk from standard input cannot be kept: {e.Message}", folder, inner: e));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IByteSource> OpenAsync(string name, CancellationToken cancellationToken = default)
    {
        var path = OperatingSystem.IsLinux() ? string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)_handle.DangerousGetHandle()}") : _path;
        return new ValueTask<IByteSource>(FileByteSource.Open(path, name));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _handle.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task FillAsync(Stream input, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        long length = 0;
        while (await input.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) is > 0 and var count)
        {
            for (var at = 0; at < count; at += Granule)
            {
                var part = buffer.AsSpan(at, Math.Min(Granule, count - at));
                if (part.ContainsAnyExcept((byte)0))
                {
                    RandomAccess.Write(_handle, part, length + at);
                }
            }

            length += count;
        }

        RandomAccess.SetLength(_handle, length);
    }
}
