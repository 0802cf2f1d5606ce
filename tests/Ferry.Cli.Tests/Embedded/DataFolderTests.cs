using Ferry.Cli.Embedded;
using Ferry.TestServices;

namespace Ferry.Cli.Tests.Embedded;

public sealed class DataFolderTests : IDisposable
{
    private readonly TempFolder folder = new("data");

    private DataFolder Data => new(folder.File("data"));

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Fact]
    public void SecondServer_IsRefused_AsLongAsTheFirstRuns()
    {
        using (Data.Open())
        {
            var refused = Assert.Throws<CliException>(Data.Open);
            Assert.Equal(("DATA_IN_USE", 5), (refused.Failure.Code, refused.ExitCode));
        }

        Data.Open().Dispose();
    }

    [Fact]
    public void Key_IsMadeOnce_ForTheOwnerOnly()
    {
        Data.Open().Dispose();
        var digest = Data.KeyDigest();
        Assert.Equal(64, digest.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Data.KeyFile));
        Data.Open().Dispose();
        Assert.Equal(digest, Data.KeyDigest());
    }

    [Fact]
    public void FolderThatCannotBeMade_IsRefused()
    {
        File.WriteAllText(folder.File("data"), "a file");
        Assert.Equal("DATA_NOT_WRITABLE", Assert.Throws<CliException>(Data.Open).Failure.Code);
    }
}
