using System.Net;
using System.Net.Http.Json;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Library;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>The library with every service its own process, on RabbitMQ and MongoDB (or its emulator), behind the gateway.</summary>
public sealed class DistributedLibraryTests
{
    private const int DiskBytes = 6 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Tier", "all")]
    public async Task Machine_IsAdded_ConvertedIntoTheLibrary_Verified_AndRemoved()
    {
        using var share = new TempFolder("share");
        await using var ferry = await DistributedFerry.StartAsync(settings: new Dictionary<string, string?> { ["Ferry__Library__Folder"] = share.Path });
        var bytes = new byte[DiskBytes];
        new Random(7).NextBytes(bytes);
        await File.WriteAllBytesAsync(Path.Combine(Directory.CreateDirectory(ferry.File("web")).FullName, "disk.img"), bytes, Token);
        await using var web = await FolderWebServer.StartAsync(ferry.File("web"));
        var request = new LibraryAddRequest { Id = Guid.NewGuid(), Source = web.Url("disk.img"), SourceFormat = "raw", Name = "disk" };
        using (var added = await ferry.Gateway.PostAsJsonAsync("/api/v1/library", request, DocumentJson.Options, Token))
        {
            Assert.Equal(HttpStatusCode.Accepted, added.StatusCode);
        }

        var machine = await UntilAsync(ferry, "disk", found => found.State is LibraryMachineState.Ready or LibraryMachineState.Failed);
        Assert.True(machine.State is LibraryMachineState.Ready, $"{machine.Failure}\n{ferry.Logs()}");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(share.Path, "disk", "disk.img"), Token));

        var id = await ferry.SubmitAsync(new ConversionRequest { Source = "library:disk", Target = "hyperv", Output = "library:converted", Fixup = false });
        var view = await ferry.WaitAsync(id);
        Assert.True(view.State == "Completed", $"{view.State}: {view.Failure}\n{ferry.Logs()}");
        Assert.Empty(view.Residue);
        Assert.DoesNotContain(view.Steps, step => step.Step == "transfer");

        using (var asked = await ferry.Gateway.PostAsync(new Uri("/api/v1/library/converted/verify", UriKind.Relative), null, Token))
        {
            Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        }

        var verified = await UntilAsync(ferry, "converted", found => found.Verification is { EndedAt: not null });
        Assert.Equal((LibraryMachineKind.Converted, 0, verified.Files.Count), (verified.Kind, verified.Verification!.Damaged.Count, verified.Verification.Files));
        foreach (var name in new[] { "disk", "converted" })
        {
            using var removed = await ferry.Gateway.DeleteAsync(new Uri($"/api/v1/library/{name}", UriKind.Relative), Token);
            Assert.True(removed.StatusCode == HttpStatusCode.OK, $"{removed.StatusCode}\n{ferry.Logs()}");
            Assert.False(Directory.Exists(Path.Combine(share.Path, name)));
        }

        Assert.Empty((await ferry.Gateway.GetFromJsonAsync<LibraryPage>("/api/v1/library", DocumentJson.Options, Token))!.Machines);
    }

    private static async Task<LibraryMachineView> UntilAsync(DistributedFerry ferry, string name, Func<LibraryMachineView, bool> satisfies)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        for (var i = 0; i < 480; i++)
        {
            var found = await ferry.Gateway.GetFromJsonAsync<LibraryMachineView>($"/api/v1/library/{name}", DocumentJson.Options, Token);
            if (satisfies(found!))
            {
                return found!;
            }

            await timer.WaitForNextTickAsync(Token);
        }

        throw new TimeoutException($"Not in time: {name}.\n{ferry.Logs()}");
    }
}
