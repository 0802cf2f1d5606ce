using Ferry.Contracts;

namespace Ferry.Agent.Inventory.Databases;

/// <summary>Finds databases: what they write while a disk is copied is the data that a careless copy loses.</summary>
internal static class DatabaseFinder
{
    /// <summary>The databases that run or are installed.</summary>
    public static IReadOnlyList<DatabaseInventory> Find(SystemRoot root)
    {
        var processes = root.List("/proc").Where(name => name.All(char.IsAsciiDigit)).Select(id => root.ReadText($"/proc/{id}/comm")).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        return [.. KnownDatabase.All.Select(database => Find(root, database, processes)).OfType<DatabaseInventory>()];
    }

    /// <summary>What the operator has to do about them.</summary>
    public static IEnumerable<Finding> Findings(IEnumerable<DatabaseInventory> databases) => databases.Select(found =>
    {
        var quiesce = KnownDatabase.All.First(database => database.Product == found.Product).Quiesce;
        return found.Running
            ? AgentFindings.Warn(
                AgentFindings.DatabaseRuns, $"{found.Product} runs ({found.Evidence}): what it writes while the disks are read would be torn or lost in the copy unless it is quiesced.", quiesce)
            : AgentFindings.Inform(AgentFindings.DatabaseInstalled, $"{found.Product} is installed ({found.Evidence}) and does not run.", $"If it is started before the last pass: {quiesce}");
    });

    private static DatabaseInventory? Find(SystemRoot root, KnownDatabase database, string[] processes)
    {
        var process = processes.FirstOrDefault(name => database.Processes.Any(known => known.EndsWith('*') ? name.StartsWith(known[..^1], StringComparison.Ordinal) : name == known));
        if (process is not null)
        {
            return new DatabaseInventory(database.Product, Running: true, $"process {process}");
        }

        return database.Programs.SelectMany(pattern => Expand(root, pattern)).FirstOrDefault() is { } program ? new DatabaseInventory(database.Product, Running: false, program) : null;
    }

    // One star, in one part of the path.
    private static IEnumerable<string> Expand(SystemRoot root, string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return root.Exists(pattern) ? [pattern] : [];
        }

        var (slash, next) = (pattern.LastIndexOf('/', star), pattern.IndexOf('/', star));
        var prefix = pattern[(slash + 1)..star];
        return root.List(pattern[..slash]).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => $"{pattern[..slash]}/{name}{pattern[next..]}").Where(root.Exists);
    }
}
