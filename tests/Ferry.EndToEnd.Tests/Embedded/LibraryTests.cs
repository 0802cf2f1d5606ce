using System.Text.Json;
using Ferry.Contracts.Library;
using Ferry.EndToEnd.Tests.Distributed;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary><c>ferry library</c> on a real server, and <c>ferry convert</c> from the library into it.</summary>
public sealed class LibraryTests : IAsyncLifetime
{
    private const int DiskBytes = 4 << 20;
    private readonly TempFolder folder = new("library");
    private FerryServer server = null!;
    private FolderWebServer web = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Library => folder.File("share");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(folder.File("remote"));
        await WriteMachineAsync(folder.File("remote"));
        web = await FolderWebServer.StartAsync(folder.File("remote"));
        server = await FerryServer.StartAsync(folder.File("data"), settings: null, "--library", Library);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await web.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Machine_IsAdded_Verified_ConvertedIntoTheLibrary_AndRemoved()
    {
        var added = await DoneAsync("library", "add", web.Url("web01.vmx"), "--wait", "--json");
        var machine = JsonSerializer.Deserialize<LibraryMachineView>(added.Output, DocumentJson.Options)!;
        Assert.Equal((LibraryMachineState.Ready, "web01", 3), (machine.State, machine.Name, machine.Files.Count));
        Assert.Contains("web01: 3 files", (await DoneAsync("library", "verify", "web01")).Output, StringComparison.Ordinal);
        var refused = await AskAsync("library", "add", web.Url("web01.vmx"), "--wait");
        Assert.Equal(4, refused.ExitCode);
        Assert.StartsWith("error[LIBRARY_NAME_EXISTS]: ", refused.Errors, StringComparison.Ordinal);

        var inspected = await Commands.FerryAsync("inspect", "library:web01", "--library", Library);
        Assert.True(inspected.Output.Contains("web01: 1 CPUs, 64 MiB", StringComparison.Ordinal), inspected.ToString());
        var check = await Commands.FerryAsync("check", "library:web01", "--to", "raw", "--library", Library);
        Assert.True(check.ExitCode == 0, check.ToString());

        string[] convert = ["convert", "library:web01", "--to", "hyperv", "--output", "library:web01-hyperv", "--no-fixup", "--library", Library];
        foreach (var point in new[] { "convert.slice.proven", "publish.library.beforeRename" })
        {
            // Killed between: there is nothing under the name, and the same command goes on.
            var killed = await Commands.FaultyFerryAsync(point, convert);
            Assert.NotEqual(0, killed.ExitCode);
            Assert.False(Directory.Exists(Path.Combine(Library, "web01-hyperv")), killed.ToString());
        }

        var converted = await Commands.FerryAsync(convert);
        Assert.True(converted.ExitCode == 0, converted.ToString());
        Assert.Contains(": library:web01-hyperv", converted.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Library, "web01-hyperv", "web01-disk0.vhdx")));
        Assert.True(File.Exists(Path.Combine(Library, "web01-hyperv", "report.html")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Library, ".ferry")));

        var listed = JsonSerializer.Deserialize<LibraryPage>((await DoneAsync("library", "list", "--json")).Output, DocumentJson.Options)!;
        Assert.Equal([("web01", LibraryMachineKind.Source), ("web01-hyperv", LibraryMachineKind.Converted)], listed.Machines.Select(found => (found.Name, found.Kind)));
        var all = await DoneAsync("library", "verify", "--all");
        Assert.Contains("web01-hyperv: ", all.Output, StringComparison.Ordinal);

        var taken = await Commands.FerryAsync(convert);
        Assert.Equal(4, taken.ExitCode);
        Assert.Contains("error[LIBRARY_NAME_EXISTS]: ", taken.Errors, StringComparison.Ordinal);

        await FlipAsync(Path.Combine(Library, "web01-hyperv", "web01-disk0.vhdx"), 3_000_000);
        var damaged = await AskAsync("library", "verify", "web01-hyperv");
        Assert.Equal(5, damaged.ExitCode);
        Assert.StartsWith("error[LIBRARY_FILE_DAMAGED]: Its SHA-256 is ", damaged.Errors, StringComparison.Ordinal);
        Assert.Contains("library:web01-hyperv, web01-disk0.vhdx; ", damaged.Errors, StringComparison.Ordinal);

        Assert.Contains("removed: web01-hyperv", (await DoneAsync("library", "remove", "web01-hyperv")).Output, StringComparison.Ordinal);
        await DoneAsync("library", "remove", "web01");
        Assert.Empty(JsonSerializer.Deserialize<LibraryPage>((await DoneAsync("library", "list", "--json")).Output, DocumentJson.Options)!.Machines);
        Assert.Equal(3, (await AskAsync("library", "remove", "web01")).ExitCode);
    }

    private static async Task WriteMachineAsync(string folder)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "web01.vmx"), "displayName = \"web01\"\nmemsize = \"64\"\nscsi0.present = \"TRUE\"\nscsi0:0.present = \"TRUE\"\nscsi0:0.fileName = \"web01.vmdk\"\n", Token);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "web01.vmdk"),
            $"# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\nRW {DiskBytes / 512} FLAT \"web01-flat.vmdk\" 0\nddb.adapterType = \"lsilogic\"\n",
            Token);
        var bytes = new byte[DiskBytes];
        new Random(11).NextBytes(bytes);
        await File.WriteAllBytesAsync(Path.Combine(folder, "web01-flat.vmdk"), bytes, Token);
    }

    private static async Task FlipAsync(string path, int offset)
    {
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[offset] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);
    }

    private async Task<CommandResult> DoneAsync(params string[] arguments)
    {
        var result = await AskAsync(arguments);
        Assert.True(result.ExitCode == 0, $"ferry {string.Join(' ', arguments)}: {result}");
        return result;
    }

    private Task<CommandResult> AskAsync(params string[] arguments) => server.AskAsync(arguments);
}
