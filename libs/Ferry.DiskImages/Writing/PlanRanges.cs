namespace Ferry.DiskImages.Writing;

/// <summary>The ranges of a plan or a delta, checked, touching ranges joined.</summary>
internal sealed class PlanRanges
{
    private readonly long[] _starts;
    private readonly long[] _ends;

    /// <summary>Checks and joins the allocated ranges of a plan.</summary>
    /// <exception cref="ArgumentException">The ranges are not ascending, disjoint and within the disk.</exception>
    internal PlanRanges(DiskImagePlan plan)
        : this(plan.Allocated, plan.Capacity, nameof(plan))
    {
    }

    /// <summary>Checks and joins the changed ranges of a delta.</summary>
    /// <exception cref="ArgumentException">The ranges are not ascending, disjoint and within the disk.</exception>
    internal PlanRanges(DiskImageDelta delta, long capacity)
        : this(delta.Changed, capacity, nameof(delta))
    {
    }

    private PlanRanges(IReadOnlyList<DiskRange> given, long capacity, string parameter)
    {
        var ranges = new List<DiskRange>(given.Count);
        long end = 0;
        foreach (var range in given)
        {
            if (range.Offset < end || range.Length <= 0 || range.Length > capacity - range.Offset)
            {
                throw new ArgumentException($"The range {range.Offset}+{range.Length} of the {parameter} is out of order or not within the disk.", parameter);
            }

            if (ranges.Count > 0 && range.Offset == end)
            {
                ranges[^1] = ranges[^1] with { Length = ranges[^1].Length + range.Length };
            }
            else
            {
                ranges.Add(range);
            }

            end = range.End;
        }

        _starts = [.. ranges.Select(r => r.Offset)];
        _ends = [.. ranges.Select(r => r.End)];
        Ranges = ranges;
    }

    /// <summary>The joined ranges.</summary>
    internal IReadOnlyList<DiskRange> Ranges { get; }

    /// <summary>Requires that a write lies within one of the ranges.</summary>
    internal void Require(long offset, long length)
    {
        var index = Array.BinarySearch(_starts, offset);
        index = index >= 0 ? index : ~index - 1;
        if (length > 0 && (index < 0 || offset + length > _ends[index]))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The {length} bytes are not within the plan.");
        }
    }
}
