using Ferry.Cli.Embedded;
using Ferry.TestServices;

namespace Ferry.Cli.Tests.Embedded;

/// <summary>What an output folder holds afterwards: what was kept, or exactly what was there before.</summary>
public sealed class WorkFolderTests : IDisposable
{
    private readonly TempFolder folder = new("work");

    private string Output => folder.File("a/b/c");

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Fact]
    public void NothingKept_LeavesNothing_AlsoNoneOfTheFoldersThatWereMade()
    {
        Directory.CreateDirectory(folder.File("a"));
        using (var work = WorkFolder.Open(Output))
        {
            Assert.False(work.IsKept);
            Assert.True(Directory.Exists(work.Path));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.File("a")));
    }

    [Fact]
    public void FolderOfTheUser_StaysAlsoWhenItIsEmpty()
    {
        Directory.CreateDirectory(Output);
        WorkFolder.Open(Output).Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Output));
    }

    [Fact]
    public void Kept_IsThereForTheNextCommand_WhichStillKnowsWhatWasMade()
    {
        using (var work = WorkFolder.Open(Output))
        {
            work.Keep();
            File.WriteAllText(work.Database, "state");
        }

        using (var work = WorkFolder.Open(Output))
        {
            Assert.True(work.IsKept);
            work.Remove();
        }

        Assert.False(Directory.Exists(folder.File("a")));
    }

    [Fact]
    public void Removed_LeavesWhatTheUserPutBeside()
    {
        using (var work = WorkFolder.Open(Output))
        {
            File.WriteAllText(folder.File("a/b/mine"), "x");
        }

        Assert.Equal([folder.File("a/b/mine")], Directory.EnumerateFileSystemEntries(folder.File("a/b")));
    }

    [Fact]
    public void Cleared_BeginsAnew()
    {
        using (var work = WorkFolder.Open(Output))
        {
            work.Keep();
            File.WriteAllText(work.Database, "state");
            Directory.CreateDirectory(Path.Combine(work.Chunks, "deep"));
            work.Clear();
            Assert.False(work.IsKept);
            Assert.False(File.Exists(work.Database) || Directory.Exists(work.Chunks));
        }

        Assert.False(Directory.Exists(folder.File("a")));
    }

    [Fact]
    public void SecondCommand_IsRefused_AndLeavesTheFirstAlone()
    {
        using var first = WorkFolder.Open(Output);
        var refused = Assert.Throws<CliException>(() => WorkFolder.Open(Output));
        Assert.Equal(("OUTPUT_IN_USE", 5), (refused.Failure.Code, refused.ExitCode));
        Assert.True(Directory.Exists(first.Path));
    }

    [Fact]
    public void FolderThatCannotBeMade_IsRefused_AndNothingStays()
    {
        File.WriteAllText(folder.File("a"), "a file");
        Assert.Equal("OUTPUT_NOT_WRITABLE", Assert.Throws<CliException>(() => WorkFolder.Open(Output)).Failure.Code);
        Assert.Equal([folder.File("a")], Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
