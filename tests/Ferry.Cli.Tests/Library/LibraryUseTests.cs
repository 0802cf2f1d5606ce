using System.Net;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Library;
using Ferry.Hosting.Library;

namespace Ferry.Cli.Tests.Library;

/// <summary>Machines of the library are verified, converted, published and removed, over the REST API of all services in one process.</summary>
public sealed class LibraryUseTests : IAsyncLifetime
{
    private LibraryHost host = null!;

    public async ValueTask InitializeAsync() => host = await LibraryHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Verification_NamesEveryFileThatDiffers()
    {
        await host.AddedAsync("web01");
        var sound = await host.VerifyAsync("web01");
        Assert.Equal((7, 0), (sound.Files, sound.Damaged.Count));
        Assert.True(sound.Bytes > VmwareMachine.Extents * VmwareMachine.ExtentBytes);

        var bytes = await File.ReadAllBytesAsync(host.In("web01", "web01-f002.vmdk"), LibraryHost.Token);
        bytes[1234567] ^= 1;
        await File.WriteAllBytesAsync(host.In("web01", "web01-f002.vmdk"), bytes, LibraryHost.Token);
        File.Delete(host.In("web01", "web01.nvram"));
        await File.AppendAllTextAsync(host.In("web01", "web01.vmx"), "x", LibraryHost.Token);
        var damaged = (await host.VerifyAsync("web01")).Damaged.OrderBy(damage => damage.File, StringComparer.Ordinal).ToArray();
        Assert.Equal(["web01-f002.vmdk", "web01.nvram", "web01.vmx"], damaged.Select(damage => damage.File));
        Assert.StartsWith("Its SHA-256 is ", damaged[0].Problem, StringComparison.Ordinal);
        Assert.Equal("It is missing.", damaged[1].Problem);
        Assert.Equal(HttpStatusCode.NotFound, (await host.PostAsync("/api/v1/library/other/verify")).Status);
    }

    [Fact]
    public async Task MachineOfTheLibrary_IsConvertedIntoTheLibrary_WhereItIs()
    {
        await host.AddedAsync("web01");
        var id = await host.ConvertAsync("library:web01", "library:web01-hyperv");
        var view = await host.ConversionAsync(id, conversion => conversion.Ended, "the conversion has ended");
        Assert.True(view.State == "Completed", view.Failure?.Message);
        Assert.Empty(view.Residue);
        Assert.DoesNotContain(view.Steps, step => step.Step == "transfer");

        var machine = await host.GetAsync<LibraryMachineView>("/api/v1/library/web01-hyperv");
        Assert.Equal((LibraryMachineState.Ready, LibraryMachineKind.Converted, id, "library:web01"), (machine.State, machine.Kind, machine.Id, machine.Source));
        Assert.Contains(machine.Files, file => file.Name == "web01-disk0.vhdx");
        Assert.Contains(machine.Files, file => file.Name == "report.json");
        Assert.Contains(machine.Files, file => file.Name == "report.html");
        Assert.Equal(
            machine.Files.Select(file => file.Name).Append(LibraryRecord.FileName).Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(Path.Combine(host.Folder, "web01-hyperv")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        Assert.Empty((await host.VerifyAsync("web01-hyperv")).Damaged);
        Assert.Empty(host.Left());

        // A name that is taken is refused before anything is read.
        var again = await host.ConversionAsync(await host.ConvertAsync("library:web01", "library:WEB01-hyperv"), conversion => conversion.Ended, "the second conversion has ended");
        Assert.Equal(("Failed", "LIBRARY_NAME_EXISTS", "preflight"), (again.State, again.Failure!.Code, again.Steps.Last(step => step.Outcome == "failed").Step));

        // A converted machine of one disk is a source, too.
        var third = await host.ConversionAsync(await host.ConvertAsync("library:web01-hyperv", "library:third"), conversion => conversion.Ended, "the third conversion has ended");
        Assert.True(third.State == "Completed", third.Failure?.Message);
        Assert.Equal(["third", "web01", "web01-hyperv"], (await host.GetAsync<LibraryPage>("/api/v1/library")).Machines.Select(found => found.Name));
    }

    [Fact]
    public async Task MachineThatAConversionReads_IsNotRemoved_UntilThatHasEnded()
    {
        await host.AddedAsync("web01");
        foreach (var source in new[] { "library:web01", host.In("web01", "web01.vmx") })
        {
            var id = await host.ConvertAsync(source, Path.Combine(host.Remote, "out"));
            Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync($"/api/v1/conversions/{id}/pause")).Status);
            var view = await host.ConversionAsync(id, conversion => conversion.State == "Paused" || conversion.Ended, "it is paused");
            Assert.True(view.State == "Paused", $"The conversion was faster than the pause: {view.State}");

            var (status, body) = await host.DeleteAsync("web01");
            Assert.Equal((HttpStatusCode.Conflict, "LIBRARY_IN_USE"), (status, body.GetProperty("code").GetString()));
            Assert.Contains(id.ToString(), body.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.True(File.Exists(host.In("web01", "web01.vmx")));
            Assert.Equal(LibraryMachineState.Ready, (await host.GetAsync<LibraryMachineView>("/api/v1/library/web01")).State);

            await host.PostAsync($"/api/v1/conversions/{id}/cancel");
            await host.ConversionAsync(id, conversion => conversion.Ended, "it is cancelled");
        }

        Assert.Equal(HttpStatusCode.OK, (await host.DeleteAsync("web01")).Status);
        Assert.False(Directory.Exists(Path.Combine(host.Folder, "web01")));
        Assert.Equal(HttpStatusCode.NotFound, (await host.DeleteAsync("web01")).Status);
        await Eventually.GetAsync(() => Task.FromResult(host.Left()), left => left.Count == 0, "nothing is left");
        await host.AddedAsync("web01");
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task SourceThatIsNotInTheLibrary_FailsTheCapture()
    {
        var view = await host.ConversionAsync(await host.ConvertAsync("library:nobody", "library:out"), conversion => conversion.Ended, "it has ended");
        Assert.Equal(("Failed", "LIBRARY_UNKNOWN"), (view.State, view.Failure!.Code));
        Assert.Empty(host.Left());
        Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync("/api/v1/conversions", new ConversionRequest { Source = "library:../x", Target = "hyperv", Output = "library:.x" })).Status);
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task WhatACrashLeft_IsRemovedAtTheNextStart()
    {
        var machine = await host.AddedAsync("web01");
        await host.StopAsync();
        var taken = Path.Combine(host.Folder, LibraryShare.WorkName, $"removed-{Guid.NewGuid():N}");
        var grown = Path.Combine(host.Folder, LibraryShare.WorkName, $"add-{machine.Id:N}");
        var unknown = Path.Combine(host.Folder, LibraryShare.WorkName, $"add-{Guid.NewGuid():N}");
        foreach (var path in new[] { taken, grown, unknown })
        {
            Directory.CreateDirectory(Path.Combine(path, "sub"));
            await File.WriteAllTextAsync(Path.Combine(path, "disk.vmdk"), "x", LibraryHost.Token);
        }

        await host.StartAgainAsync();
        await Eventually.GetAsync(() => Task.FromResult(Directory.Exists(taken) || Directory.Exists(grown)), left => !left, "it is gone");
        Assert.True(Directory.Exists(unknown), "what no job of this installation made may be another's");
        Assert.Equal(LibraryMachineState.Ready, (await host.GetAsync<LibraryMachineView>("/api/v1/library/web01")).State);
    }
}
