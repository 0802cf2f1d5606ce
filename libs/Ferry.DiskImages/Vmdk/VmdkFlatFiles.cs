using System.Text;
using Ferry.DiskImages.Raw;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// The files of a monolithicFlat disk that Ferry writes: the descriptor and, beside it, <c>NAME-flat.vmdk</c>, a raw image with its mark as long as it is incomplete.
/// In place of the descriptor a <see cref="VmdkMark"/> stands until all data is there; then it appears whole or not at all. A delta withholds its first bytes.
/// </summary>
/// <param name="Path">Path of the descriptor.</param>
/// <param name="Capacity">Size of the disk in bytes.</param>
/// <param name="DiskId">Identity of the disk.</param>
/// <param name="FlatName">Name of the file that holds the data.</param>
internal sealed record VmdkFlatFiles(string Path, long Capacity, Guid DiskId, string FlatName)
{
    private const string TemporaryExtension = ".incomplete";
    private const int LongestDescriptor = 64 * 1024;
    private const string ExtentBegin = " FLAT \"";

    /// <summary>Path of the file that holds the data.</summary>
    internal string FlatPath => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path) ?? "", FlatName);

    /// <summary>The files of a plan.</summary>
    internal static VmdkFlatFiles Create(string path, DiskImagePlan plan)
    {
        VmdkSparseLayout.RequireSizes(plan);
        var extension = System.IO.Path.GetExtension(path) is { Length: > 0 } given ? given : ".vmdk";
        return new VmdkFlatFiles(path, plan.Capacity, plan.DiskId, $"{System.IO.Path.GetFileNameWithoutExtension(path)}-flat{extension}");
    }

    /// <summary>Finds the files of a disk that Ferry completed once.</summary>
    /// <returns>The files and what the descriptor says was last written; whether its first bytes are withheld.</returns>
    /// <exception cref="UnsupportedDiskImageException">Another program wrote or changed the descriptor.</exception>
    internal static async ValueTask<(VmdkFlatFiles Files, VmdkWriting Writing, bool IsWithheld)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = new byte[LongestDescriptor];
        using (var file = await ImageFile.OpenExistingAsync(path, cancellationToken).ConfigureAwait(false))
        {
            bytes = bytes[..file.Read(0, bytes)];
        }

        var isWithheld = bytes.AsSpan().StartsWith(VmdkMark.DeltaSignature);
        var text = Encoding.UTF8.GetString(bytes);
        var at = text.IndexOf(ExtentBegin, StringComparison.Ordinal) + ExtentBegin.Length;
        var end = at < ExtentBegin.Length ? -1 : text.IndexOf('"', at);
        if (end > 0 && VmdkWriting.Find(text) is { } writing)
        {
            var flatPath = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? "", text[at..end]);
            var files = new VmdkFlatFiles(path, File.Exists(flatPath) ? new FileInfo(flatPath).Length : 0, writing.DiskId, text[at..end]);
            var expected = files.Descriptor(writing.Digest, writing.ContentId);
            if (isWithheld)
            {
                VmdkMark.DeltaSignature.CopyTo(expected);
            }

            if (bytes.AsSpan().SequenceEqual(expected))
            {
                return (files, writing, isWithheld);
            }
        }

        throw new UnsupportedDiskImageException(
            DiskImageErrors.UnsupportedVariant, "Another program, perhaps a virtual machine, wrote this image or changed it; only what Ferry wrote can be changed in place. Convert again.", path);
    }

    /// <summary>The descriptor.</summary>
    internal byte[] Descriptor(string? digest, string? contentId) =>
        new VmdkDescriptorText("monolithicFlat", Capacity, $"FLAT {VmdkDescriptorText.Quote(FlatName)} 0", new VmdkWriting(DiskId, digest, contentId)).ToBytes();

    /// <summary>Puts a mark where the descriptor will stand, durably, or finds that of the same plan.</summary>
    /// <returns>False: something else stands there.</returns>
    internal async ValueTask<bool> TryMarkAsync(string digest, CancellationToken cancellationToken)
    {
        var sector = new byte[VmdkMark.Size];
        using var file = ImageFile.OpenOrCreate(Path);
        if (!file.IsBlank())
        {
            return file.Read(0, sector) == sector.Length && VmdkMark.TryRead(sector) is { } mark && mark.Digest == digest;
        }

        new VmdkMark(digest).Write(sector);
        file.Write(0, sector);
        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        file.FlushFolder();
        return true;
    }

    /// <summary>Makes the descriptor unreadable, durably, before a delta changes anything.</summary>
    internal async ValueTask WithholdAsync(CancellationToken cancellationToken)
    {
        using var file = await ImageFile.OpenExistingAsync(Path, cancellationToken).ConfigureAwait(false);
        file.Write(0, VmdkMark.DeltaSignature);
        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts a whole descriptor in place, and takes the mark away.</summary>
    internal async ValueTask PublishAsync(string digest, string? contentId, bool durable, CancellationToken cancellationToken)
    {
        // Another writer may have published it already, and said what the image holds.
        contentId ??= await KnownContentAsync(digest, cancellationToken).ConfigureAwait(false);
        var descriptor = Descriptor(digest, contentId);
        var temporary = Path + TemporaryExtension;
        using (var file = ImageFile.OpenOrCreate(temporary))
        {
            file.Write(0, descriptor);
            file.SetLength(descriptor.Length);
            await file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        }

        ImageFile.Move(temporary, Path);
        if (durable)
        {
            ImageFile.FlushFolderOf(Path);
        }

        RawMark.Remove(FlatPath, durable);
    }

    /// <summary>Takes away the mark of what the descriptor says was last written: its writer was stopped between its last two steps.</summary>
    internal void RemoveStaleMark(string? digest)
    {
        if (digest is not null && RawMark.Find(FlatPath) is { } mark && (mark == RawMark.OfPlan(digest) || mark == RawMark.OfDelta(digest)))
        {
            RawMark.Remove(FlatPath, durable: true);
        }
    }

    private async ValueTask<string?> KnownContentAsync(string digest, CancellationToken cancellationToken)
    {
        try
        {
            var (_, known, isWithheld) = await ReadAsync(Path, cancellationToken).ConfigureAwait(false);
            return !isWithheld && known.Digest == digest ? known.ContentId : null;
        }
        catch (UnsupportedDiskImageException)
        {
            return null;
        }
    }
}
