using System.Text;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Volumes;

/// <summary>A guest's files in memory.</summary>
internal sealed class MemoryVolume : IGuestVolume
{
    private readonly SortedDictionary<string, (GuestEntryKind Kind, byte[] Content, int Mode)> _entries = new(StringComparer.Ordinal);

    private readonly Dictionary<(string Path, string Name), byte[]> _attributes = [];

    public long Free { get; set; } = 1L << 30;

    /// <summary>All files.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> Files => _entries.Where(e => e.Value.Kind == GuestEntryKind.File).Select(e => KeyValuePair.Create(e.Key, e.Value.Content));

    public MemoryVolume File(string path, string content) => File(path, Encoding.Latin1.GetBytes(content));

    public MemoryVolume File(string path, byte[] content) => Add(path, GuestEntryKind.File, content);

    public MemoryVolume Link(string path, string target) => Add(path, GuestEntryKind.Symlink, Encoding.UTF8.GetBytes(target));

    public MemoryVolume Folder(string path) => Add(path, GuestEntryKind.Directory, []);

    public string Text(string path) => Encoding.Latin1.GetString(_entries[path].Content);

    public MemoryVolume Attribute(string path, string name, string value)
    {
        _attributes[(path, name)] = Encoding.Latin1.GetBytes(value);
        return this;
    }

    public string? Attribute(string path, string name) => _attributes.TryGetValue((path, name), out var value) ? Encoding.Latin1.GetString(value) : null;

    public bool Exists(string path) => _entries.ContainsKey(path);

    public Task<byte[]?> GetAttributeAsync(string path, string name, CancellationToken cancellationToken) => Task.FromResult(_attributes.GetValueOrDefault((path, name)));

    public Task SetAttributeAsync(string path, string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        _attributes[(path, name)] = value.ToArray();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _entries.Keys.Where(k => Parent(k) == path.TrimEnd('/')).Select(k => k[(k.LastIndexOf('/') + 1)..])]);

    public Task<GuestStatus?> StatAsync(string path, CancellationToken cancellationToken) =>
        Task.FromResult<GuestStatus?>(_entries.TryGetValue(path, out var e) ? new GuestStatus(e.Kind, e.Mode, 0, 0, e.Content.Length)
            : path == "/" ? new GuestStatus(GuestEntryKind.Directory, 0x1ED, 0, 0, 0) : null);

    public Task<string> ReadLinkAsync(string path, CancellationToken cancellationToken) => Task.FromResult(Encoding.UTF8.GetString(_entries[path].Content));

    public Task<byte[]> ReadAsync(string path, long limit, CancellationToken cancellationToken) =>
        _entries[path] is { Kind: GuestEntryKind.File } e && e.Content.Length <= limit ? Task.FromResult(e.Content) : throw new GuestVolumeException(path, "cannot be read");

    public Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _entries[path] = _entries[path] with { Content = content.ToArray() };
        return Task.CompletedTask;
    }

    public Task CreateAsync(string path, ReadOnlyMemory<byte> content, int mode, int owner, int group, CancellationToken cancellationToken)
    {
        Assert.True(Parent(path).Length == 0 || _entries.ContainsKey(Parent(path)), $"{path} has no folder");
        _entries.Add(path, (GuestEntryKind.File, content.ToArray(), mode));
        return Task.CompletedTask;
    }

    public Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        _entries.Add(to, _entries[from]);
        return Task.CompletedTask;
    }

    public Task MakeDirectoryAsync(string path, int mode, CancellationToken cancellationToken)
    {
        _entries.Add(path, (GuestEntryKind.Directory, [], mode));
        return Task.CompletedTask;
    }

    public Task SymlinkAsync(string target, string path, CancellationToken cancellationToken)
    {
        Link(path, target);
        return Task.CompletedTask;
    }

    public Task RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        _entries[to] = _entries[from];
        _entries.Remove(from);
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string path, CancellationToken cancellationToken)
    {
        _entries.Remove(path);
        return Task.CompletedTask;
    }

    public Task<long> FreeSpaceAsync(string path, CancellationToken cancellationToken) => Task.FromResult(Free);

    private static string Parent(string path) => path[..path.LastIndexOf('/')];

    private MemoryVolume Add(string path, GuestEntryKind kind, byte[] content)
    {
        for (var parent = Parent(path); parent.Length > 0; parent = Parent(parent))
        {
            _entries.TryAdd(parent, (GuestEntryKind.Directory, [], 0x1ED));
        }

        _entries.Add(path, (kind, content, 0x1A4));
        return this;
    }
}
