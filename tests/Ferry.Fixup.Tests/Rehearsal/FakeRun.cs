using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Job;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>What a handler of a start needs besides the machine: a chunk store with the manifest of a small disk, and a clock that the test moves.</summary>
internal sealed class FakeRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private readonly ScratchFolder _scratch = new();
    private readonly FolderChunkStore _chunks;

    public FakeRun()
    {
        _chunks = new FolderChunkStore(Path.Combine(_scratch.Path, "store"));
        Manifests = new ManifestStore(_chunks);
        var disk = Path.Combine(_scratch.Path, "disk.raw");
        File.WriteAllBytes(disk, new byte[4 << 20]);
        Origin = new RawOrigin(disk);
    }

    public FakeTimeProvider Time { get; } = new();

    public ManifestStore Manifests { get; }

    public RawOrigin Origin { get; }

    public string Scratch => _scratch.Path;

    /// <summary>Folders of runs that are left.</summary>
    public IEnumerable<string> Left => Directory.EnumerateDirectories(_scratch.Path, "ferry-fixup-*");

    /// <summary>Lets seconds pass until it is done: each when the machine was looked at, or nobody waits for that but for the clock.</summary>
    public async Task<T> PassAsync<T>(FakeMachine machine, Task<T> task)
    {
        var turn = machine.NextTurnAsync();
        while (await Task.WhenAny(task, turn, Task.Delay(Patience, TestContext.Current.CancellationToken)) != task)
        {
            turn = turn.IsCompleted ? machine.NextTurnAsync() : turn;
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        return await task;
    }

    public void Dispose()
    {
        _chunks.Dispose();
        _scratch.Dispose();
    }
}
