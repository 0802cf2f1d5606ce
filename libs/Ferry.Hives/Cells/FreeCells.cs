namespace Ferry.Hives.Cells;

/// <summary>Free cells by size, then place: best fit, the same in every run.</summary>
internal sealed class FreeCells(IEnumerable<(int Offset, int Size)> cells)
{
    private readonly SortedSet<(int Size, int Offset)> _cells = [.. cells.Select(x => (x.Size, x.Offset))];

    public bool TryTake(int need, out int offset, out int size)
    {
        var found = _cells.GetViewBetween((need, 0), (int.MaxValue, int.MaxValue)).Min;
        (size, offset) = found;
        return size != 0 && _cells.Remove(found);
    }

    public void Add(int offset, int size) => _cells.Add((size, offset));

    public void Remove(int offset, int size) => _cells.Remove((size, offset));
}
