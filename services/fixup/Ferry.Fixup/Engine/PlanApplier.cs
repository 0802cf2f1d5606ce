using Ferry.Fixup.Planning;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Engine;

/// <summary>Writes a plan's edits into the guest and reads them back.</summary>
internal sealed class PlanApplier(GuestTree tree)
{
    private const int DirectoryMode = 0x1ED;
    private const int PrivateDirectoryMode = 0x1C0;
    private readonly GuestLabels _labels = new(tree);
    private readonly GuestAccess _access = new(tree.Volume);

    /// <summary>Writes.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="activity">Is told the rule.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="begun">Is called when the first rule is applied and others, or hives, are not.</param>
    public async Task ApplyAsync(FixupPlan plan, IProgress<string>? activity, CancellationToken cancellationToken, Action? begun = null)
    {
        foreach (var rule in plan.Rules.Where(r => r.Applies))
        {
            activity?.Report("applying " + rule.Rule);
            foreach (var edit in rule.Edits)
            {
                await ApplyAsync(edit, cancellationToken);
            }

            begun?.Invoke();
            begun = null;
        }

        foreach (var edit in plan.HiveFiles)
        {
            await ApplyAsync(edit, cancellationToken);
        }
    }

    /// <summary>Reads every written file again.</summary>
    /// <exception cref="GuestVolumeException">One does not hold what was written.</exception>
    public async Task VerifyAsync(FixupPlan plan, CancellationToken cancellationToken)
    {
        foreach (var edit in plan.Outcome)
        {
            if (edit.Action != GuestEditAction.Write)
            {
                await VerifyEntryAsync(edit, cancellationToken);
                continue;
            }

            if (edit.Content.IsEmpty && await tree.Volume.StatAsync(edit.Path, cancellationToken) is { Size: 0 })
            {
                continue;
            }

            var content = await tree.ReadAsync(edit.Path, edit.Content.Length, cancellationToken);
            if (content is null || !content.AsSpan().SequenceEqual(edit.Content.Span))
            {
                throw new GuestVolumeException(edit.Path, "does not hold what was written");
            }
        }
    }

    private async Task VerifyEntryAsync(GuestEdit edit, CancellationToken cancellationToken)
    {
        var real = await tree.ResolveAsync(edit.Path, followLast: false, cancellationToken);
        var right = edit.Action == GuestEditAction.Remove ? real is null : real is not null && await tree.Volume.ReadLinkAsync(real, cancellationToken) == edit.LinkTarget;
        if (!right)
        {
            throw new GuestVolumeException(edit.Path, edit.Action == GuestEditAction.Remove ? "was removed and is there" : "is not the link that was made");
        }
    }

    private async Task ApplyAsync(GuestEdit edit, CancellationToken cancellationToken)
    {
        if (edit.NewFileMode is not null || edit.Action == GuestEditAction.Link)
        {
            var slash = edit.Path.LastIndexOf('/');
            var isPrivate = edit.IsFolderPrivate;
            var path = $"{await MakeFoldersAsync(edit.Path[..slash], isPrivate, cancellationToken)}/{edit.Path[(slash + 1)..]}";
            if (edit.Action == GuestEditAction.Link)
            {
                await tree.Volume.SymlinkAsync(edit.LinkTarget, path, cancellationToken);
            }
            else
            {
                await tree.Volume.CreateAsync(path, edit.Content, edit.NewFileMode!.Value, owner: 0, group: 0, cancellationToken);
                await _access.SetAsync(path, edit.NewFileMode.Value, isFolder: false, cancellationToken);
            }

            await _labels.LabelAsync(path, cancellationToken);
            return;
        }

        if (edit.Backup is { } backup)
        {
            await tree.Volume.CopyAsync(edit.Path, backup, cancellationToken);
            await _access.CopyAsync(edit.Path, backup, cancellationToken);
        }

        await (edit.Action == GuestEditAction.Remove
            ? tree.Volume.RemoveAsync(edit.Path, cancellationToken)
            : tree.Volume.ReplaceAsync(edit.Path, edit.Content, cancellationToken));
    }

    /// <summary>The real path of a directory, made where it is missing.</summary>
    private async Task<string> MakeFoldersAsync(string path, bool isPrivate, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
        {
            return "";
        }

        if (await tree.ResolveAsync(path, followLast: true, cancellationToken) is { } real)
        {
            return real;
        }

        var slash = path.LastIndexOf('/');
        var made = $"{await MakeFoldersAsync(path[..slash], isPrivate, cancellationToken)}/{path[(slash + 1)..]}";
        var mode = isPrivate ? PrivateDirectoryMode : DirectoryMode;
        await tree.Volume.MakeDirectoryAsync(made, mode, cancellationToken);
        await _access.SetAsync(made, mode, isFolder: true, cancellationToken);
        await _labels.LabelAsync(made, cancellationToken);
        return made;
    }
}
