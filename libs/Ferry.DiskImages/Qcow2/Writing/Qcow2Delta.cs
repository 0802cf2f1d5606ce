using System.Buffers.Binary;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Qcow2.Writing;

/// <summary>A delta to a complete QCOW2 that Ferry wrote: clusters that have a place keep it, the others are appended. Slots are clusters of the file.</summary>
internal sealed class Qcow2Delta : IImageEnding
{
    private readonly DeltaJournal _journal;
    private readonly Qcow2Layout _layout;
    private readonly DeltaBlockSlots _slots;

    private Qcow2Delta(DeltaJournal journal, Qcow2Layout layout, DeltaBlockSlots slots)
    {
        _journal = journal;
        _layout = layout;
        _slots = slots;
    }

    /// <inheritdoc/>
    public bool IsComplete => _journal.IsComplete;

    /// <summary>Begins the delta, goes on with it, or finds that it is already in the image.</summary>
    internal static async ValueTask<IDiskImageWriter> ReopenAsync(string path, DiskImageDelta delta, CancellationToken cancellationToken)
    {
        Qcow2Layout? layout = null;
        PlanRanges? ranges = null;
        var journal = await DeltaJournal.OpenAsync(path, delta, IdentifyAsync, InspectAsync, cancellationToken).ConfigureAwait(false);
        try
        {
            var slots = await FindSlotsAsync(journal, layout!, ranges!, cancellationToken).ConfigureAwait(false);
            var clusterSize = layout!.Geometry.ClusterSize;
            if (!journal.IsComplete)
            {
                journal.File.SetLength(Math.Max(journal.File.Length, slots.Count * clusterSize));
            }

            return new BlockImageWriter(journal.File, layout.Geometry.Capacity, clusterSize, 0, slots, ranges, new Qcow2Delta(journal, layout, slots));
        }
        catch
        {
            journal.File.Dispose();
            throw;
        }

        ValueTask<DeltaIdentity> IdentifyAsync(ImageFile file, CancellationToken cancellation)
        {
            layout = ReadLayout(file);
            ranges = new PlanRanges(delta, layout.Geometry.Capacity);
            var digest = PlanDigest.Compute(delta, DiskImageFormat.Qcow2, layout.Geometry.Capacity, layout.Geometry.ClusterSize, ranges);
            var signature = new SignaturePlace(0, Qcow2Header.Signature.ToArray(), Qcow2Layout.DeltaSignature.ToArray());
            return ValueTask.FromResult(new DeltaIdentity(digest, Qcow2Layout.RecordOffset, [signature]));
        }

        ValueTask<(long OldCount, long OldEnd)> InspectAsync(ImageFile file, ImageRecord? last, CancellationToken cancellation)
        {
            var length = file.Length;
            return length % layout!.Geometry.ClusterSize == 0 && length >= layout.FirstCluster * layout.Geometry.ClusterSize
                ? ValueTask.FromResult((length / layout.Geometry.ClusterSize, 0L))
                : throw Changed(file, length);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(string? contentId, bool durable, CancellationToken cancellationToken)
    {
        if (IsComplete)
        {
            return;
        }

        var file = _journal.File;
        await FlushIfAsync(durable, file, cancellationToken).ConfigureAwait(false);
        new Qcow2Tables(file, _layout, _slots.OldCount).Write(_slots.Appended(), _slots.Count, firstCounted: _slots.OldCount);
        await FlushIfAsync(durable, file, cancellationToken).ConfigureAwait(false);
        await _journal.CompleteAsync(contentId, durable, cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask FlushIfAsync(bool durable, ImageFile file, CancellationToken cancellationToken) =>
        durable ? file.FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    /// <summary>The layout of an image that Ferry completed once, from the header, whose signature alone may be withheld. Who else writes to an image changes the header.</summary>
    private static Qcow2Layout ReadLayout(ImageFile file)
    {
        var sector = new byte[Qcow2Layout.HeaderSector];
        if (file.Read(0, sector) != sector.Length)
        {
            throw Foreign(file);
        }

        if (sector.AsSpan().StartsWith(Qcow2Layout.IncompleteSignature))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Incomplete, "Ferry began this image and did not finish it; finish the conversion first.", file.Path);
        }

        var isKnown = sector.AsSpan().StartsWith(Qcow2Layout.DeltaSignature) || sector.AsSpan().StartsWith(Qcow2Header.Signature);
        switch (HeaderExtension.Read(sector.AsSpan(Qcow2Header.Size)).Type)
        {
            case HeaderExtension.FerryCompressed when isKnown:
                throw new UnsupportedDiskImageException(
                    DiskImageErrors.UnsupportedVariant, "The clusters of this image are compressed and cannot be changed in place; convert again.", file.Path);
            case HeaderExtension.FerryRecord when isKnown:
                break;
            default:
                throw Foreign(file);
        }

        Qcow2Header.Signature.CopyTo(sector);
        var header = Qcow2Header.Read(sector);
        var layout = header.ClusterBits is >= Qcow2Geometry.MinimumClusterBits and <= Qcow2Geometry.MaximumClusterBits && header.DiskSize is > 0 and <= long.MaxValue
            ? Qcow2Layout.TryCreate(new Qcow2Geometry((long)header.DiskSize, (int)header.ClusterBits), isCompressed: false)
            : null;
        return layout?.Header() == header ? layout
            : layout?.Header() == (header with { Autoclear = header.Autoclear | AutoclearFeatures.Untouched }) ? throw Changed(file, 88)
            : throw Foreign(file);
    }

    private static UnsupportedDiskImageException Foreign(ImageFile file) => new(
        DiskImageErrors.UnsupportedVariant, "Another program wrote or rearranged this image; only what Ferry wrote can be changed in place. Convert again.", file.Path);

    private static UnsupportedDiskImageException Changed(ImageFile file, long offset) => new(
        DiskImageErrors.UnsupportedVariant, "Another program, perhaps a virtual machine, has written to this image since Ferry completed it; convert again.", file.Path, offset);

    private static async ValueTask<DeltaBlockSlots> FindSlotsAsync(DeltaJournal journal, Qcow2Layout layout, PlanRanges ranges, CancellationToken cancellationToken)
    {
        var geometry = layout.Geometry;
        var pages = new MetadataPages(new ImageFileSource(journal.File), new PageCache());
        return await DeltaBlockSlots.CreateAsync(ranges, geometry.ClusterSize, journal.OldCountOf(geometry.ClusterSize), FindAsync, cancellationToken).ConfigureAwait(false);

        async ValueTask<long> FindAsync(long block, CancellationToken cancellation)
        {
            var table = await ReadAsync(layout.L1Offset + ((block >> geometry.L2Bits) * L1Entry.Size), cancellation).ConfigureAwait(false);
            return table < 0 || table >= journal.Record.OldCount
                ? -1
                : await ReadAsync((table << geometry.ClusterBits) + ((block & (geometry.L2Entries - 1)) * L2Entry.Size), cancellation).ConfigureAwait(false);
        }

        // The cluster that an entry leads to, or -1.
        async ValueTask<long> ReadAsync(long position, CancellationToken cancellation)
        {
            var entry = BinaryPrimitives.ReverseEndianness(await pages.ReadUInt64Async(position, cancellation).ConfigureAwait(false));
            var place = (long)(entry & L1Entry.OffsetMask);
            return entry == 0 ? -1
                : entry == L1Entry.Of(place).Value && place % geometry.ClusterSize == 0 ? place >> geometry.ClusterBits
                : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"An entry of a table, {entry:x16}, is none that Ferry writes.", journal.File.Path, position);
        }
    }
}
