using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Begins a delta to a VMDK of any kind that takes one.</summary>
internal static class VmdkReopener
{
    private const int StartSize = 64;

    /// <summary>How a descriptor goes on behind the bytes that a delta withholds.</summary>
    private static ReadOnlySpan<byte> RestOfDescriptor => "escriptorFile"u8;

    /// <summary>Begins the delta, goes on with it, or finds that it is already in the image.</summary>
    internal static async ValueTask<IDiskImageWriter> ReopenAsync(string path, DiskImageDelta delta, CancellationToken cancellationToken)
    {
        var start = new byte[StartSize];
        using (var file = await ImageFile.OpenExistingAsync(path, cancellationToken).ConfigureAwait(false))
        {
            file.Read(0, start);
        }

        return start.AsSpan(VmdkMark.SignatureSize).StartsWith(RestOfDescriptor)
            ? await VmdkFlatWriter.ReopenAsync(path, delta, cancellationToken).ConfigureAwait(false)
            : await VmdkSparseDelta.ReopenAsync(path, delta, cancellationToken).ConfigureAwait(false);
    }
}
