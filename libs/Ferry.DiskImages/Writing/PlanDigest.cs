using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ferry.DiskImages.Writing;

/// <summary>SHA-256 over all that decides the layout of a plan, so that an image is continued with its own plan only.</summary>
internal static class PlanDigest
{
    private const int NumberSize = sizeof(long);

    /// <summary>The digest as 64 hexadecimal digits.</summary>
    internal static string Compute(DiskImagePlan plan, PlanRanges ranges, long blockSize)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(plan.DiskId.ToByteArray());
        Span<byte> number = stackalloc byte[NumberSize];
        foreach (var value in (ReadOnlySpan<long>)[(long)plan.Format, (long)plan.Variant, plan.Capacity, plan.LogicalSectorSize, blockSize, ranges.Ranges.Count])
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
