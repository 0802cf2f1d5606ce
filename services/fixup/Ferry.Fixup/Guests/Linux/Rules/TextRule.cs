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
    /// <inheritdoc/>
    public abstract string Id { get; }

    /// <inheritdoc/>
    public virtual bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.IsDebianToHyperV(guest, target);

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var edits = new List<GuestEdit>();
        var findings = new List<Finding>();
        foreach (var (file, editor) in Editors(context))
        {
            if (await context.Tree.ReadTextAsync(file, cancellationToken) is not { } text)
            {
                continue;
            }

            var edit = editor(text);
            findings.AddRange(edit.Findings);
            if (edit.Changes.Count > 0)
            {
                edits.Add(new GuestEdit
                {
                    Path = (await context.Tree.ResolveAsync(file, followLast: true, cancellationToken))!,
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

    /// <summary>Files and their editors.</summary>
    protected abstract IEnumerable<(string File, Func<string, TextEdit> Editor)> Editors(RuleContext context);
}
