using System.Runtime.CompilerServices;

namespace Ferry.DiskImages.Compression;

/// <summary>The copy that every LZ77 format is made of: bytes that were written before, once more.</summary>
internal static unsafe class BackReference
{
    /// <summary>Bytes behind a copy that it may overwrite.</summary>
    internal const int Slack = 16;

    private const int Step = 16;
    private const int HalfStep = sizeof(ulong);

    /// <summary>
    /// Writes <paramref name="length"/> bytes that stand <paramref name="distance"/> bytes before the target; the two may overlap, which repeats them. The caller has
    /// checked that there are that many bytes before and room for them.
    /// </summary>
    /// <param name="to">The target.</param>
    /// <param name="distance">How far back, at least 1.</param>
    /// <param name="length">How many, at least 1.</param>
    /// <param name="room">Bytes that may be written; with <see cref="Slack"/> more than the length the copy is quicker.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Copy(byte* to, uint distance, int length, long room)
    {
        if (room - length < Slack)
        {
            CopyExactly(to, distance, length);
            return;
        }

        var end = to + length;
        if (distance >= Step)
        {
            var from = to - distance;
            do
            {
                Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<Int128>(from));
                to += Step;
                from += Step;
            }
            while (to < end);
            return;
        }

        CopyNear(to, distance, end);
    }

    private static void CopyNear(byte* to, uint distance, byte* end)
    {
        var from = to - distance;
        if (distance < HalfStep)
        {
            // Once the pattern stands there often enough, a multiple of the distance does as well.
            for (var i = 0; i < HalfStep; i++)
            {
                to[i] = from[i];
            }

            to += HalfStep;
            distance *= (HalfStep + distance - 1) / distance;
            from = to - distance;
        }

        for (; to < end; to += HalfStep, from += HalfStep)
        {
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<ulong>(from));
        }
    }

    private static void CopyExactly(byte* to, uint distance, int length)
    {
        for (var from = to - distance; length > 0; length--)
        {
            *to++ = *from++;
        }
    }
}
