using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ferry.DiskImages.Writing;

/// <summary>SHA-256 over all that decides the layout of a plan or a delta, so that an image is continued with its own only.</summary>
internal static class PlanDigest
{
    private const int NumberSize = sizeof(long);

    /// <summary>Keeps the digests of deltas apart from those of plans.</summary>
    private const long DeltaMark = -1;

    /// <summary>The digest as 64 hexadecimal digits.</summary>
    internal static string Compute(DiskImagePlan plan, PlanRanges ranges, long blockSize) =>
        Compute(plan.DiskId, [(long)plan.Format, (long)plan.Variant, plan.Capacity, plan.LogicalSectorSize, blockSize, ranges.Ranges.Count], ranges);

    /// <summary>The digest of a delta to an image of a format, capacity and block size, as 64 hexadecimal digits.</summary>
    internal static string Compute(DiskImageDelta delta, DiskImageFormat format, long capacity, long blockSize, PlanRanges ranges) =>
        Compute(delta.DeltaId, [DeltaMark, (long)format, capacity, blockSize, ranges.Ranges.Count], ranges);

    private static string Compute(Guid id, ReadOnlySpan<long> numbers, PlanRanges ranges)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(id.ToByteArray());
        Span<byte> number = stackalloc byte[NumberSize];
        foreach (var value in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            hash.AppendData(number);
        }

        foreach (var range in ranges.Ranges)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, range.Offset);
            hash.AppendData(number);
            BinaryPrimitives.WriteInt64LittleEndian(number, range.Length);
            hash.AppendData(number);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
