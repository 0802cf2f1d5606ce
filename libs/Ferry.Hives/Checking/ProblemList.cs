namespace Ferry.Hives.Checking;

/// <summary>Collects problems; a hive may have as many as it has bytes.</summary>
internal sealed class ProblemList
{
    private readonly List<HiveProblem> _listed = [];

    public int Errors { get; private set; }

    public int Warnings { get; private set; }

    public IReadOnlyList<HiveProblem> Listed => _listed;

    public void Error(int offset, string message)
    {
        if (Errors++ < HiveCheckResult.MostListed)
        {
            _listed.Add(new HiveProblem(true, BaseBlock.Size + (long)offset, message));
        }
    }

    public void Warn(int offset, string message)
    {
        if (Warnings++ < HiveCheckResult.MostListed)
        {
            _listed.Add(new HiveProblem(false, BaseBlock.Size + (long)offset, message));
        }
    }

    /// <summary>Runs a part; damage that ends it is a problem.</summary>
    public void Try(int offset, Action part)
    {
        try
        {
            part();
        }
        catch (HiveException e)
        {
            Error(e.Offset is { } at ? (int)(at - BaseBlock.Size) : offset, e.Message);
        }
    }
}
