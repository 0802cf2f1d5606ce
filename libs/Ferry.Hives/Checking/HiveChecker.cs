namespace Ferry.Hives;

/// <summary>
/// Walks everything that the root of a hive leads to: every cell is reached once or is free, lists are sorted with right hashes, counts are right, and security descriptors are counted and linked.
/// </summary>
public static class HiveChecker
{
    /// <summary>Checks a hive as it is in memory.</summary>
    /// <param name="hive">The hive.</param>
    /// <returns>What was found; damage is a problem, never an exception.</returns>
    public static HiveCheckResult Check(Hive hive)
    {
        ArgumentNullException.ThrowIfNull(hive);
        return new Checking.HiveWalk(hive).Run();
    }
}
