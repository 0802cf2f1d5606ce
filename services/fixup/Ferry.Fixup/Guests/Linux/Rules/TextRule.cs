using System.Text;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>A rule that edits text files which may or may not be there.</summary>
public abstract class TextRule : IFixupRule
{
    private const int MostFiles = 200;

    /// <inheritdoc/>
    public abstract string Id { get; }

    /// <inheritdoc/>
    public virtual bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target);

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var edits = new List<GuestEdit>();
        var findings = new List<Finding>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (file, editor) in await EditorsAsync(context, cancellationToken))
        {
            // Two names may lead to one file; a folder with a file's name is none.
            if (await context.Tree.ResolveAsync(file, followLast: true, cancellationToken) is not { } real || !seen.Add(real)
                || !await context.Tree.IsFileAsync(real, cancellationToken)
                || await context.Tree.ReadTextAsync(real, cancellationToken) is not { } text)
            {
                continue;
            }

            var edit = editor(text);
            findings.AddRange(edit.Findings);
            if (edit.Changes.Count > 0)
            {
                edits.Add(new GuestEdit
                {
                    Path = real,
                    Content = Encoding.Latin1.GetBytes(edit.Text),
                    Changes = [.. edit.Changes.Select(c => new GuestChange { Rule = Id, Path = file, Summary = c })],
                });
            }
        }

        return new RulePlan { Rule = Id, Reason = edits.Count > 0 ? Needed : NotNeeded, Edits = edits, Findings = findings };
    }

    /// <summary>Why it applies.</summary>
    protected abstract string Needed { get; }

    /// <summary>Why it does not.</summary>
    protected abstract string NotNeeded { get; }

    /// <summary>Paths of a folder's files with an ending; none when it is not there.</summary>
    protected static async Task<IReadOnlyList<string>> FilesAsync(RuleContext context, string folder, string ending, CancellationToken cancellationToken) =>
        [.. (await context.Tree.ListAsync(folder, cancellationToken)).Where(f => f.EndsWith(ending, StringComparison.Ordinal)).Take(MostFiles).Select(f => $"{folder}/{f}")];

    /// <summary>Files and their editors, where the files are always the same.</summary>
    protected virtual IEnumerable<(string File, Func<string, TextEdit> Editor)> Editors(RuleContext context) => [];

    /// <summary>Files and their editors.</summary>
    protected virtual Task<IEnumerable<(string File, Func<string, TextEdit> Editor)>> EditorsAsync(RuleContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Editors(context));
}
