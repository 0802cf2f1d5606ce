using System.Security.Cryptography;
using Ferry.Chunks.Manifests;
using Ferry.DiskImages;

namespace Ferry.Conversion.Images;

/// <summary>Makes an image's plan from its manifest alone, so that every worker and every attempt writes the same layout.</summary>
public static class ImagePlanner
{
    /// <summary>The plan: every chunk that may have data is allocated.</summary>
    public static async ValueTask<(DiskImagePlan Plan, long DataBytes)> PlanAsync(DiskWork work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var header = work.Header;
        var ranges = new List<DiskRange>();
        var data = 0L;
        await foreach (var run in work.Manifest.ReadRunsAsync(cancellationToken))
        {
            if (run.Entry.State.ReadsAsZero())
            {
                continue;
            }

            var offset = run.First * header.ChunkSize;
            var length = Math.Min(run.Count * header.ChunkSize, header.Size - offset);
            data += length;
            if (ranges.Count > 0 && ranges[^1].End == offset)
            {
                ranges[^1] = ranges[^1] with { Length = ranges[^1].Length + length };
            }
            else
            {
                ranges.Add(new DiskRange(offset, length));
            }
        }

        var plan = new DiskImagePlan
        {
            Format = work.Format,
            Variant = work.Variant,
            Capacity = header.Size,
            Allocated = ranges,
            LogicalSectorSize = header.LogicalSectorSize,
            DiskId = DiskId(work.Job.ConversionId, work.Command.Disk),
        };
        return (plan, data);
    }

    /// <summary>The identity of a disk: the same for every attempt of a conversion, another for every other disk (RFC 9562, version 8 by SHA-256).</summary>
    public static Guid DiskId(Guid conversionId, int disk)
    {
        Span<byte> name = stackalloc byte[20];
        conversionId.TryWriteBytes(name, bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(name[16..], disk);
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(name, digest);
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new Guid(digest[..16], bigEndian: true);
    }
}
