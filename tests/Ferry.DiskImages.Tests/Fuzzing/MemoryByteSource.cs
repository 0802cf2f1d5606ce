using System.Runtime.CompilerServices;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>A file in memory.</summary>
internal sealed class MemoryByteSource(string name, byte[] bytes) : IByteSource
{
    public string Name => name;

    public long Length => bytes.Length;

    public SourcePin Pin { get; } = new() { Name = name, Length = bytes.Length };

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Who asks for what cannot be has computed with a number that was not checked.
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (offset > bytes.Length - buffer.Length)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Truncated, "The file ends.", name, offset);
        }

        bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield return new DiskExtent(offset, length, ExtentKind.Data);
    }

    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
