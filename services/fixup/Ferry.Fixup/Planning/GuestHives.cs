using Ferry.Contracts;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Volumes;
using Ferry.Hives;

namespace Ferry.Fixup.Planning;

/// <summary>
/// A guest's registry hives in memory during one planning. Each is opened once, recovered from its logs; a rule sees it as the rules before it leave it; what was changed is written once.
/// </summary>
/// <param name="tree">The guest's files.</param>
/// <param name="time">What gives changed keys their time.</param>
public sealed class GuestHives(GuestTree tree, TimeProvider time)
{
    /// <summary>The biggest hive.</summary>
    public const int MaximumHive = 512 * 1024 * 1024;

    private const string BackupSuffix = ".pre-fixup";
    private const long SpaceMargin = 10 * 1024 * 1024;
    private static readonly string[] LogSuffixes = [".LOG", ".LOG1", ".LOG2"];
    private readonly Dictionary<string, OpenHive> _hives = [];

    /// <summary>A hive.</summary>
    /// <param name="file">Canonical path of its file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="HiveException">It is damaged, or cannot be recovered from its logs.</exception>
    /// <exception cref="GuestVolumeException">It or a log cannot be read.</exception>
    public async Task<Hive> OpenAsync(string file, CancellationToken cancellationToken)
    {
        if (_hives.TryGetValue(file, out var known))
        {
            return known.Hive;
        }

        var (folder, name) = Split(file);
        var logs = new List<HiveLog>();
        foreach (var beside in await tree.ListAsync(folder.Length == 0 ? "/" : folder, cancellationToken))
        {
            if (LogSuffixes.Any(s => string.Equals(beside, name + s, StringComparison.OrdinalIgnoreCase)))
            {
                logs.Add(new HiveLog(beside, await tree.Volume.ReadAsync($"{folder}/{beside}", MaximumHive, cancellationToken)));
            }
        }

        var content = await tree.Volume.ReadAsync(file, MaximumHive, cancellationToken);
        var hive = Hive.Open(content, new HiveOpenOptions { Name = name, Logs = logs, MaxBytes = MaximumHive, Time = time });
        _hives[file] = new OpenHive(hive, content.Length);
        return hive;
    }

    /// <summary>What a rule may collect its changes of a hive with.</summary>
    public async Task<RegistryEditor> EditAsync(string file, CancellationToken cancellationToken) => new(file, await OpenAsync(file, cancellationToken));

    /// <summary>Makes the changes in memory, so that later rules see them.</summary>
    public async Task ApplyAsync(IEnumerable<RegistryEdit> edits, CancellationToken cancellationToken)
    {
        foreach (var edit in edits)
        {
            var root = (await OpenAsync(edit.Hive, cancellationToken)).Root;
            switch (edit.Action)
            {
                case RegistryAction.SetValue:
                    root.Create(edit.Key).Set(edit.Value, edit.Type, edit.Data.Span);
                    break;
                case RegistryAction.DeleteValue:
                    root.Find(edit.Key)?.DeleteValue(edit.Value);
                    break;
                case RegistryAction.DeleteKey:
                    root.Delete(edit.Key);
                    break;
                default:
                    throw new InvalidOperationException($"No such action: {edit.Action}.");
            }
        }
    }

    /// <summary>The files to write: every changed hive, and behind it its logs, emptied, so that nothing of them is ever applied to it. A hive that no rule changed is left to Windows as it is.</summary>
    public async Task<(IReadOnlyList<GuestEdit> Files, IReadOnlyList<Finding> Findings)> SaveAsync(CancellationToken cancellationToken)
    {
        var files = new List<GuestEdit>();
        var findings = new List<Finding>();
        foreach (var (file, open) in _hives.Where(h => h.Value.Hive.IsModified).OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            var (folder, _) = Split(file);
            var saved = open.Hive.Save();
            var backup = file + BackupSuffix;
            var exists = await tree.ResolveAsync(backup, followLast: false, cancellationToken) is not null;
            var free = await tree.Volume.FreeSpaceAsync(folder.Length == 0 ? "/" : folder, cancellationToken) - SpaceMargin;
            var growth = saved.Content.Length - open.Size;
            if (growth > free)
            {
                findings.Add(GuestFindings.NoSpace(file, growth, Math.Max(free, 0)));
            }
            else if (!exists && growth + open.Size > free)
            {
                findings.Add(GuestFindings.NoBackup(file));
                exists = true;
            }

            files.Add(new GuestEdit { Path = file, Content = saved.Content, Backup = exists ? null : backup, Changes = [] });
            files.AddRange(saved.FilesToEmpty.Select(log => new GuestEdit { Path = $"{folder}/{log}", Content = default, Changes = [] }));
        }

        return (files, findings);
    }

    private static (string Folder, string Name) Split(string file) => (file[..file.LastIndexOf('/')], file[(file.LastIndexOf('/') + 1)..]);

    private sealed record OpenHive(Hive Hive, long Size);
}
