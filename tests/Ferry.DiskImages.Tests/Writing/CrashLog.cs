using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Tests.Writing;

/// <summary>
/// Records every change that is made to the files of a folder, in order, and builds what a crash before any of them would have left: of the program (all changes so
/// far are there) or of the machine (of what was not made durable, any part is there, by sectors).
/// </summary>
internal sealed class CrashLog : ImageFileWatch
{
    private const int Sector = 512;

    private readonly List<Step> _steps = [];
    private readonly SortedDictionary<string, byte[]> _start;

    /// <summary>Starts with what is in the folder now.</summary>
    public CrashLog(SortedDictionary<string, byte[]> start) => _start = start;

    /// <summary>Changes and flushes.</summary>
    public int Count => _steps.Count;

    /// <summary>Records what an action does.</summary>
    public async Task RunAsync(Func<Task> action)
    {
        Current = this;
        try
        {
            await action();
        }
        finally
        {
            Current = null;
        }
    }

    /// <summary>Places worth a crash: around every flush and deletion, where the protocol goes on, and some others.</summary>
    public IReadOnlyList<int> Points(Random random, int others)
    {
        var points = new SortedSet<int> { 0, Count };
        for (var i = 0; i < Count; i++)
        {
            if (_steps[i].Kind is StepKind.Flush or StepKind.Delete or StepKind.Move or StepKind.FlushFolder)
            {
                points.Add(i);
                points.Add(i + 1);
            }
        }

        for (var i = 0; i < others; i++)
        {
            points.Add(random.Next(Count + 1));
        }

        return [.. points];
    }

    /// <summary>What the program's death before a step leaves.</summary>
    public SortedDictionary<string, byte[]> AfterKill(int before)
    {
        var files = Copy(_start);
        foreach (var step in _steps.Take(before))
        {
            Apply(step, files);
        }

        return files;
    }

    /// <summary>What a loss of power before a step leaves.</summary>
    public SortedDictionary<string, byte[]> AfterPowerLoss(int before, Random random)
    {
        var files = Copy(_start);
        for (var i = 0; i < before; i++)
        {
            var step = _steps[i];
            if (IsDurable(i, before))
            {
                Apply(step, files);
            }
            else if (step.Kind == StepKind.Write && random.Next(4) > 0)
            {
                Tear(step, files, random);
            }
            else if (random.Next(2) == 0)
            {
                Apply(step, files);
            }
        }

        return files;
    }

    internal override void Writing(string path, long offset, ReadOnlySpan<byte> data) => Add(new Step(StepKind.Write, path, offset, data.ToArray()));

    internal override void SettingLength(string path, long length) => Add(new Step(StepKind.Length, path, length, []));

    internal override void Flushing(string path) => Add(new Step(StepKind.Flush, path, 0, []));

    internal override void Deleting(string path) => Add(new Step(StepKind.Delete, path, 0, []));

    internal override void Moving(string path, string name) => Add(new Step(StepKind.Move, path, 0, System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(name))));

    internal override void FlushingFolder(string path) => Add(new Step(StepKind.FlushFolder, path, 0, []));

    private static SortedDictionary<string, byte[]> Copy(SortedDictionary<string, byte[]> files)
    {
        var copy = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, bytes) in files)
        {
            copy.Add(name, [.. bytes]);
        }

        return copy;
    }

    private static void Apply(Step step, SortedDictionary<string, byte[]> files)
    {
        var bytes = files.GetValueOrDefault(step.Name, []);
        switch (step.Kind)
        {
            case StepKind.Write:
                Grow(ref bytes, step.Offset + step.Data.Length);
                step.Data.CopyTo(bytes, step.Offset);
                files[step.Name] = bytes;
                break;
            case StepKind.Length:
                Array.Resize(ref bytes, (int)step.Offset);
                files[step.Name] = bytes;
                break;
            case StepKind.Delete:
                files.Remove(step.Name);
                break;
            case StepKind.Move:
                files[System.Text.Encoding.UTF8.GetString(step.Data)] = bytes;
                files.Remove(step.Name);
                break;
            default:
                // A folder is flushed for a name that may have nothing written yet.
                break;
        }
    }

    /// <summary>Some sectors of a write are there.</summary>
    private static void Tear(Step step, SortedDictionary<string, byte[]> files, Random random)
    {
        var bytes = files.GetValueOrDefault(step.Name, []);
        var end = step.Offset + step.Data.Length;
        for (var at = step.Offset; at < end;)
        {
            var next = Math.Min(end, ((at / Sector) + 1) * Sector);
            if (random.Next(2) == 0)
            {
                Grow(ref bytes, next);
                step.Data.AsSpan((int)(at - step.Offset), (int)(next - at)).CopyTo(bytes.AsSpan((int)at));
            }

            at = next;
        }

        files[step.Name] = bytes;
    }

    private static void Grow(ref byte[] bytes, long length)
    {
        if (bytes.Length < length)
        {
            Array.Resize(ref bytes, (int)length);
        }
    }

    private bool IsDurable(int step, int before)
    {
        for (var later = step + 1; later < before; later++)
        {
            var flush = _steps[later];
            var covers = _steps[step].Kind is StepKind.Delete or StepKind.Move ? flush.Kind == StepKind.FlushFolder : flush.Kind == StepKind.Flush && flush.Name == _steps[step].Name;
            if (covers)
            {
                return true;
            }
        }

        return false;
    }

    private void Add(Step step)
    {
        lock (_steps)
        {
            _steps.Add(step with { Name = Path.GetFileName(step.Name) });
        }
    }

    private enum StepKind
    {
        Write,
        Length,
        Flush,
        Delete,
        Move,
        FlushFolder,
    }

    private sealed record Step(StepKind Kind, string Name, long Offset, byte[] Data);
}
