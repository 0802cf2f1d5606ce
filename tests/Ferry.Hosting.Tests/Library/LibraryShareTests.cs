using Ferry.Hosting.Library;
using Ferry.TestServices;
using Microsoft.Extensions.Options;

namespace Ferry.Hosting.Tests.Library;

public sealed class LibraryShareTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly LibraryShare library;

    public LibraryShareTests() => library = new LibraryShare(Options.Create(new LibraryOptions { Folder = folder.File("library") }));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Machine_AppearsByRename_AndNameInAnyCaseIsTaken()
    {
        var first = Grow("web01", Guid.NewGuid());
        Assert.Empty(library.List());
        Assert.True(library.TryPublish(first, "web01"));
        Assert.Equal(["web01"], library.List().Select(machine => machine.Name));

        var second = Grow("WEB01", Guid.NewGuid());
        Assert.False(library.TryPublish(second, "WEB01"));
        Assert.True(File.Exists(Path.Combine(second, LibraryRecord.FileName)));
    }

    [Fact]
    public void Removal_TakesOutByRename_AndDeletesOnlyBelowItsOwnFolder()
    {
        library.TryPublish(Grow("web01", Guid.NewGuid()), "web01");
        var trash = library.TakeOut("web01")!;
        Assert.Null(library.TakeOut("web01"));
        Assert.Empty(library.List());
        Assert.Equal([trash], library.TakenOut());
        library.Empty(trash);
        library.Empty(trash);
        Assert.Empty(library.TakenOut());

        var other = Directory.CreateDirectory(folder.File("other"));
        Assert.Throws<IOException>(() => library.Empty(other.FullName));
        Assert.Throws<IOException>(() => library.Empty(Path.Combine(library.Work, "..", "..", "other")));
        var link = Path.Combine(library.Work, "removed-link");
        Directory.CreateSymbolicLink(link, other.FullName);
        Assert.Throws<IOException>(() => library.Empty(link));
        Assert.True(other.Exists);
    }

    [Fact]
    public void RecordThatIsDamaged_OrNamesAFileElsewhere_IsNoMachine()
    {
        var id = Guid.NewGuid();
        library.TryPublish(Grow("web01", id), "web01");
        Assert.Equal(id, library.TryReadId("web01"));
        var file = Path.Combine(library.Of("web01"), LibraryRecord.FileName);
        var text = File.ReadAllText(file);
        foreach (var bad in new[] { text.Replace("web01.vmx", "../x.vmx", StringComparison.Ordinal), text.Replace("\"formatVersion\": 1", "\"formatVersion\": 2", StringComparison.Ordinal), text[..^5], "", "null" })
        {
            File.WriteAllText(file, bad);
            Assert.Throws<InvalidDataException>(() => library.TryRead("web01"));
            Assert.Null(library.TryReadId("web01"));
            Assert.Equal([("web01", null)], library.List());
        }

        Assert.Throws<ArgumentException>(() => library.Of("../x"));
        Assert.Null(library.TryRead("../x"));
    }

    private string Grow(string name, Guid id)
    {
        var staging = library.Staging("add", id);
        Directory.CreateDirectory(staging);
        var record = new LibraryRecord
        {
            Name = name, Id = id, Kind = LibraryRecord.SourceKind, Source = "https://esx/vm", Descriptor = "web01.vmx", AddedAt = DateTimeOffset.UnixEpoch,
            Files = [new LibraryRecordFile { Name = "web01.vmx", Size = 1, Sha256 = "00" }],
        };
        File.WriteAllBytes(Path.Combine(staging, LibraryRecord.FileName), record.ToBytes());
        return staging;
    }
}
