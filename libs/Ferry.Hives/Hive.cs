using Ferry.Hives.Cells;
using Ferry.Hives.Editing;
using Ferry.Hives.Keys;
using Ferry.Hives.Logs;

namespace Ferry.Hives;

/// <summary>
/// A registry hive in memory. It is opened whole, recovered from its logs where it was not written to its end, read and edited, and saved to new bytes; nothing is written anywhere else.
/// An edit that fails spoils the hive: it cannot be saved then, and what was opened is as it was. One thread at a time.
/// </summary>
public sealed class Hive
{
    private const int Newest = 6;
    private const int Oldest = 3;

    private readonly HiveOpenOptions _options;
    private readonly byte[] _original;
    private readonly bool _isRewritten;
    private HiveEditor? _editor;
    private bool _isSpoilt;

    private Hive(HiveOpenOptions options, byte[] original, byte[] file, HiveRecovery? recovery)
    {
        _options = options;
        _original = original;
        _isRewritten = recovery is not null;
        Recovery = recovery;
        Cells = new CellStore(file, options.Name, options.MaxBytes);
        Keys = new KeyReader(Cells);
        RootOffset = Cells.Header.Root;
        Root = new HiveKey(this, RootOffset, null, Keys.NameOf(RootOffset));
    }

    /// <summary>The root key. Its name is not part of paths.</summary>
    public HiveKey Root { get; }

    /// <summary>The name that was given for errors.</summary>
    public string Name => _options.Name;

    /// <summary>The minor version of the format, 3 to 6.</summary>
    public int MinorVersion => (int)Cells.Header.Minor;

    /// <summary>How the hive was recovered; null where it was clean.</summary>
    public HiveRecovery? Recovery { get; }

    /// <summary>Whether an edit changed something. Edits that only say what is there already do not.</summary>
    public bool IsModified => Cells.IsChanged;

    internal CellStore Cells { get; }

    internal KeyReader Keys { get; }

    internal int RootOffset { get; }

    internal TimeProvider Time => _options.Time;

    /// <summary>Opens a hive.</summary>
    /// <param name="content">All bytes of the file; they are copied.</param>
    /// <param name="options">Name, logs, limits; null for none.</param>
    /// <exception cref="HiveException">It is no hive, damaged, or cannot be recovered.</exception>
    public static Hive Open(ReadOnlyMemory<byte> content, HiveOpenOptions? options = null)
    {
        options ??= new HiveOpenOptions();
        if (options.Logs.DistinctBy(x => x.Name).Count() != options.Logs.Count)
        {
            throw new ArgumentException("Two logs have one name.", nameof(options));
        }

        if (content.Length > options.MaxBytes)
        {
            throw new HiveException(HiveErrors.TooLarge, $"The hive has {content.Length} bytes; {options.MaxBytes} are allowed.", options.Name);
        }

        if (content.Length < BaseBlock.Size)
        {
            throw new HiveException(HiveErrors.Truncated, $"The file has {content.Length} bytes, not even a header.", options.Name);
        }

        var file = content.ToArray();
        HiveRecovery? recovery = null;
        if (HiveRecoverer.IsDirty(file))
        {
            recovery = Recover(ref file, options);
        }

        CheckVersion(file, options);
        return new Hive(options, content.ToArray(), file, recovery);
    }

    /// <summary>A new hive that holds its root only, which administrators and the system may change and everyone may read.</summary>
    /// <param name="minorVersion">3 to 6; Windows has 5 for SYSTEM and SOFTWARE, 3 for boot configuration stores.</param>
    /// <param name="options">Name, limits, time; null for none.</param>
    public static Hive Create(int minorVersion = 5, HiveOpenOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minorVersion, Oldest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minorVersion, Newest);
        options ??= new HiveOpenOptions();
        return Open(EmptyHive.Create(minorVersion, (ulong)options.Time.GetUtcNow().UtcDateTime.ToFileTimeUtc()), options);
    }

    /// <summary>Opens a hive from a stream, from where it stands to its end.</summary>
    /// <param name="content">All bytes of the file.</param>
    /// <param name="options">Name, logs, limits; null for none.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="HiveException">It is no hive, damaged, too large, or cannot be recovered.</exception>
    public static async Task<Hive> OpenAsync(Stream content, HiveOpenOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        options ??= new HiveOpenOptions();
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (bytes.Length + read > options.MaxBytes)
            {
                throw new HiveException(HiveErrors.TooLarge, $"The hive has more than {options.MaxBytes} bytes.", options.Name);
            }

            bytes.Write(buffer, 0, read);
        }

        return Open(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), options);
    }

    /// <summary>A key by its path from the root, with \ between names, in any case; null where there is none.</summary>
    /// <param name="path">The path; empty for the root.</param>
    /// <exception cref="HiveException">A list on the way is damaged.</exception>
    public HiveKey? Find(string path) => Root.Find(path);

    /// <summary>A key that must be there.</summary>
    /// <param name="path">The path from the root.</param>
    /// <exception cref="HiveException">It is not there, or a list on the way is damaged.</exception>
    public HiveKey Get(string path) => Find(path) ?? throw new HiveException(HiveErrors.Missing, $"There is no key {path}.", Name);

    /// <summary>
    /// The hive as it is to be written: the bytes that were opened where nothing changed; else clean, with sequence numbers above its own and those of its logs. The same edits at the same time
    /// give the same bytes. Write it first, then empty the logs.
    /// </summary>
    /// <exception cref="HiveException">A recovered hive is so inconsistent that it must not be written.</exception>
    /// <exception cref="InvalidOperationException">An edit failed before.</exception>
    public HiveSaveResult Save()
    {
        ThrowIfSpoilt();
        if (!_isRewritten && !IsModified)
        {
            return new HiveSaveResult { Content = _original, IsChanged = false, FilesToEmpty = [] };
        }

        ThrowIfInconsistent();
        var bytes = Cells.File.ToArray();
        var header = new BaseBlock(bytes);
        var sequence = Math.Max(header.Sequence1, header.Sequence2);
        foreach (var log in _options.Logs)
        {
            sequence = Math.Max(sequence, LogChain.HighestSequence(log));
        }

        sequence = unchecked(sequence + 1);
        header.Sequence1 = sequence;
        header.Sequence2 = sequence;
        header.Time = (ulong)Time.GetUtcNow().UtcDateTime.ToFileTimeUtc();
        header.SetChecksum();
        return new HiveSaveResult { Content = bytes, IsChanged = true, FilesToEmpty = [.. _options.Logs.Where(x => !x.Content.IsEmpty).Select(x => x.Name)] };
    }

    /// <summary>Runs an edit; one that fails may have left cells that nothing leads to.</summary>
    internal void Edit(Action<HiveEditor> edit)
    {
        ThrowIfSpoilt();
        if (_editor is null)
        {
            ThrowIfInconsistent();
            _editor = new HiveEditor(this);
        }

        _isSpoilt = true;
        edit(_editor);
        _isSpoilt = false;
    }

    private static HiveRecovery Recover(ref byte[] file, HiveOpenOptions options)
    {
        try
        {
            return new HiveRecoverer(options).Recover(ref file);
        }
        catch (HiveException e) when (options.DiscardUnreplayed && e.Code is HiveErrors.Dirty or HiveErrors.LogIncomplete or HiveErrors.LogUnreplayable)
        {
            return new HiveRecovery { Logs = [], Entries = 0, Pages = 0, IsHeaderRecovered = false };
        }
    }

    private static void CheckVersion(byte[] file, HiveOpenOptions options)
    {
        var header = new BaseBlock(file);
        if (!header.HasSignature || header.Major != 1 || header.Minor is < Oldest or > Newest || header.Type != 0 || header.Format != 1)
        {
            throw new HiveException(HiveErrors.Unsupported, $"The file is no registry hive of versions 1.{Oldest} to 1.{Newest}.", options.Name, 0);
        }
    }

    private void ThrowIfSpoilt()
    {
        if (_isSpoilt)
        {
            throw new InvalidOperationException("An edit of the hive failed before; open it again.");
        }
    }

    private void ThrowIfInconsistent()
    {
        var result = HiveChecker.Check(this);
        if (result.Problems.FirstOrDefault(x => x.IsError) is { } problem)
        {
            throw new HiveException(HiveErrors.NotEditable, $"The hive must not be changed: {problem.Message}", Name, problem.Offset);
        }
    }
}
