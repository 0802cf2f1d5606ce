using Ferry.Contracts;

namespace Ferry.Capture.Sources;

/// <summary>The findings of one source while it is read; each id at most a few times, so that a hostile descriptor cannot make a million.</summary>
public sealed class SourceFindings
{
    private const int Most = 200;
    private readonly List<Finding> _all = [];

    /// <summary>All findings so far.</summary>
    public IReadOnlyList<Finding> All => _all;

    /// <summary>Adds a finding that is good to know.</summary>
    public void Inform(string id, string message, string remedy = "") => Add(FindingSeverity.Information, id, message, remedy);

    /// <summary>Adds a finding that the operator should look at.</summary>
    public void Warn(string id, string message, string remedy) => Add(FindingSeverity.Warning, id, message, remedy);

    private void Add(FindingSeverity severity, string id, string message, string remedy)
    {
        if (_all.Count < Most)
        {
            _all.Add(new Finding { Id = id, Severity = severity, Message = message, Remedy = remedy });
        }
    }
}
