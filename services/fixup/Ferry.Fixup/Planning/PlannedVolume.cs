using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Planning;

/// <summary>A guest's volume as the edits that are planned so far leave it, so that each rule builds on those before it. Nothing is written.</summary>
internal sealed class PlannedVolume(IGuestVolume volume) : IGuestVolume
{
    private const int DirectoryMode = 0x1ED;
    private readonly Dictionary<string, GuestEdit?> _planned = new(StringComparer.Ordinal);

    /// <summary>Takes an edit into account.</summary>
    public async Task AddAsync(GuestEdit edit, CancellationToken cancellationToken)
    {
        var tree = new GuestTree(this);
        var missing = new Stack<string>();
        var folder = edit.Path[..edit.Path.LastIndexOf('/')];
        string? real;
        while ((real = folder.Length == 0 ? "" : await tree.ResolveAsync(folder, followLast: true, cancellationToken)) is null)
        {
            missing.Push(folder[(folder.LastIndexOf('/') + 1)..]);
            folder = folder[..folder.LastIndexOf('/')];
        }

        foreach (var name in missing)
        {
            _planned[real += "/" + name] = null;
        }

        _planned[real + edit.Path[edit.Path.LastIndexOf('/')..]] = edit;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var folder = path == "/" ? "" : path;
        var here = _planned.Where(p => p.Key[..p.Key.LastIndexOf('/')] == folder).ToDictionary(p => p.Key[(p.Key.LastIndexOf('/') + 1)..], p => p.Value?.Action);
        var old = _planned.TryGetValue(path, out var made) && made is null ? [] : await volume.ListAsync(path, cancellationToken);
        return [.. old.Where(n => !here.ContainsKey(n)), .. here.Where(p => p.Value != GuestEditAction.Remove).Select(p => p.Key)];
    }

    /// <inheritdoc/>
    public async Task<GuestStatus?> StatAsync(string path, CancellationToken cancellationToken)
    {
        if (!_planned.TryGetValue(path, out var edit))
        {
            return await volume.StatAsync(path, cancellationToken);
        }

        return edit switch
        {
            null => new GuestStatus(GuestEntryKind.Directory, DirectoryMode, 0, 0, 0),
            { Action: GuestEditAction.Remove } => null,
            { Action: GuestEditAction.Link } => new GuestStatus(GuestEntryKind.Symlink, 0x1FF, 0, 0, edit.LinkTarget.Length),
            { NewFileMode: { } mode } => new GuestStatus(GuestEntryKind.File, mode, 0, 0, edit.Content.Length),
            _ => await volume.StatAsync(path, cancellationToken) is { } old ? old with { Size = edit.Content.Length } : new GuestStatus(GuestEntryKind.File, 0, 0, 0, edit.Content.Length),
        };
    }

    /// <inheritdoc/>
    public Task<string> ReadLinkAsync(string path, CancellationToken cancellationToken) =>
        _planned.TryGetValue(path, out var edit) && edit is not null ? Task.FromResult(edit.LinkTarget) : volume.ReadLinkAsync(path, cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]> ReadAsync(string path, long limit, CancellationToken cancellationToken)
    {
        if (!_planned.TryGetValue(path, out var edit))
        {
            return volume.ReadAsync(path, limit, cancellationToken);
        }

        return edit is { Action: GuestEditAction.Write } && edit.Content.Length <= limit
            ? Task.FromResult(edit.Content.ToArray())
            : throw new GuestVolumeException(path, "cannot be read as a file of the plan");
    }

    /// <inheritdoc/>
    public Task<byte[]?> GetAttributeAsync(string path, string name, CancellationToken cancellationToken) =>
        _planned.ContainsKey(path) ? Task.FromResult<byte[]?>(null) : volume.GetAttributeAsync(path, name, cancellationToken);

    /// <inheritdoc/>
    public Task<long> FreeSpaceAsync(string path, CancellationToken cancellationToken) => volume.FreeSpaceAsync(path, cancellationToken);

    /// <inheritdoc/>
    public Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw Refuse();

    /// <inheritdoc/>
    public Task CreateAsync(string path, ReadOnlyMemory<byte> content, int mode, int owner, int group, CancellationToken cancellationToken) => throw Refuse();

    /// <inheritdoc/>
    public Task CopyAsync(string from, string to, CancellationToken cancellationToken) => throw Refuse();

    /// <inheritdoc/>
    public Task MakeDirectoryAsync(string path, int mode, CancellationToken cancellationToken) => throw Refuse();

    /// <inheritdoc/>
    public Task SymlinkAsync(string target, string path, CancellationToken cancellationToken) => throw Refuse();

    /// <inheritdoc/>
    public Task RenameAsync(string from, string to, CancellationToken cancellationToken) => throw Refuse();

    /// <inheritdoc/>
    public Task RemoveAsync(string path, CancellationToken cancellationToken) => throw Refuse();

    /// <inheritdoc/>
    public Task SetAttributeAsync(string path, string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => throw Refuse();

    private static InvalidOperationException Refuse() => new("A plan changes nothing.");
}
