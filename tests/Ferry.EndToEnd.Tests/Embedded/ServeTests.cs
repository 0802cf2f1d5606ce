using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary><c>ferry serve</c>, and the commands that ask it.</summary>
public sealed class ServeTests : IAsyncLifetime
{
    private readonly TempFolder folder = new("serve");
    private FerryServer server = null!;

    private string KeyFile => server.KeyFile;

    private Uri Address => server.Address;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => server = await FerryServer.StartAsync(folder.File("data"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        folder.Dispose();
    }

    [Fact]
    public async Task Api_NeedsAKey_ButHealthDoesNot()
    {
        using var anonymous = new HttpClient { BaseAddress = Address };
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(anonymous, "/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(anonymous, "/api/v1/conversions")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(anonymous, "/openapi/v1.json")).StatusCode);
        using var client = Client();
        Assert.Contains("/api/v1/conversions", await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    [Fact]
    public async Task Documentation_OpensInABrowser_WithTheKeyAsPassword()
    {
        using var anonymous = new HttpClient { BaseAddress = Address };
        var refused = await GetAsync(anonymous, "/docs");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains(refused.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Basic");

        using var browser = new HttpClient { BaseAddress = Address };
        browser.DefaultRequestHeaders.Authorization = Basic("anybody:" + (await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken)).Trim());
        Assert.Contains("openapi/v1.json", await browser.GetStringAsync(new Uri("/docs/", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(browser, "/docs/scalar.js")).StatusCode);

        // What a browser sends by itself must not change anything.
        var cancel = await browser.PostAsync(new Uri($"/api/v1/conversions/{Guid.NewGuid()}/cancel", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, cancel.StatusCode);
        browser.DefaultRequestHeaders.Authorization = Basic("anybody:wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(browser, "/docs")).StatusCode);
        browser.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", "no base64!");
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(browser, "/docs")).StatusCode);
    }

    [Fact]
    public async Task OpenApiDocument_SaysWhatEveryRequestNeeds()
    {
        using var client = Client();
        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken));
        var header = document.RootElement.GetProperty("components").GetProperty("securitySchemes").GetProperty("apiKey");
        Assert.Equal(("apiKey", "header", "X-Api-Key"), (header.GetProperty("type").GetString(), header.GetProperty("in").GetString(), header.GetProperty("name").GetString()));
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().ToList();
        Assert.Contains(paths, path => path.Name.StartsWith("/api/v1/transfers/", StringComparison.Ordinal));
        foreach (var operation in paths.SelectMany(path => path.Value.EnumerateObject()))
        {
            Assert.True(operation.Value.GetProperty("responses").TryGetProperty("401", out _), operation.Name);
            var schemes = operation.Value.GetProperty("security").EnumerateArray().SelectMany(one => one.EnumerateObject()).Select(one => one.Name).ToList();
            Assert.Contains("apiKey", schemes);
            Assert.Equal(operation.Name == "get", schemes.Contains("basic"));
        }
    }

    [Fact]
    public async Task SecondServer_OnTheSameDataOrAddress_IsRefused()
    {
        var data = await Commands.FerryAsync("serve", "--urls", $"http://127.0.0.1:{FreePort.Next()}", "--data", folder.File("data"));
        Assert.Equal(5, data.ExitCode);
        Assert.Contains($"error[DATA_IN_USE]: Another ferry serves with this data folder; {folder.File("data")}; ", data.Errors, StringComparison.Ordinal);

        var port = await Commands.FerryAsync("serve", "--urls", Address.AbsoluteUri.TrimEnd('/'), "--data", folder.File("other"));
        Assert.Equal(5, port.ExitCode);
        Assert.StartsWith("error[ADDRESS_IN_USE]: ", port.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(" crit: ", port.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmittedConversion_IsListed_Watched_AndReported()
    {
        var id = await SubmitAsync(await ImageAsync("disk.img"), "done");
        var watched = await AskAsync("watch", id);
        Assert.True(watched.ExitCode == 0, watched.ToString());

        var page = JsonSerializer.Deserialize<ConversionPage>((await AskAsync("list", "--json")).Output, DocumentJson.Options)!;
        Assert.Contains(page.Conversions, view => view.Id.ToString() == id && view.State == "Completed");
        var status = await AskAsync("status", id);
        Assert.Contains("Completed", status.Output, StringComparison.Ordinal);
        using (var shape = JsonDocument.Parse((await AskAsync("status", id, "--json")).Output))
        {
            Assert.Equal((id, "Completed"), (shape.RootElement.GetProperty("id").GetString(), shape.RootElement.GetProperty("state").GetString()));
            Assert.Equal(
                ["capture", "preflight", "convert", "publish", "cleanup", "report"],
                shape.RootElement.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetString()));
            Assert.Equal("hyperv", shape.RootElement.GetProperty("request").GetProperty("target").GetString());
        }

        using (var shape = JsonDocument.Parse((await AskAsync("watch", id, "--json")).Output))
        {
            Assert.Equal("Completed", shape.RootElement.GetProperty("state").GetString());
        }

        var report = JsonSerializer.Deserialize<ConversionReport>((await AskAsync("report", id, "--json")).Output, DocumentJson.Options)!;
        Assert.Equal(report.Disks[0].CapturedDigest, report.Disks[0].ImageDigest);
        Assert.True(File.Exists(Path.Combine(folder.File("done"), report.Disks[0].Image)));
        Assert.True(File.Exists(Path.Combine(folder.File("done"), "report.json")));
    }

    [Fact]
    public async Task CancelledConversion_LeavesNothing()
    {
        // Fix-up is asked for, so the appliance is starting when the cancel comes.
        var id = await SubmitAsync(await ImageAsync("other.img"), "cancelled", fixup: true);
        var cancel = await AskAsync("cancel", id, "--json");
        Assert.True(cancel.ExitCode == 0, cancel.ToString());
        using (var shape = JsonDocument.Parse(cancel.Output))
        {
            Assert.Equal((id, "cancel"), (shape.RootElement.GetProperty("id").GetString(), shape.RootElement.GetProperty("asked").GetString()));
        }

        var watched = await AskAsync("watch", id);
        Assert.Equal(6, watched.ExitCode);
        Assert.Contains("error[CANCELLED]: ", watched.Errors, StringComparison.Ordinal);
        Assert.Equal("Cancelled", JsonSerializer.Deserialize<ConversionReport>((await AskAsync("report", id)).Output, DocumentJson.Options)!.Outcome);
        Assert.False(Directory.Exists(folder.File("cancelled")), "something was left in the output folder");
    }

    [Fact]
    public async Task UnknownConversion_AndWrongKey_AreClearErrors()
    {
        Assert.Contains("error[CONVERSION_UNKNOWN]: ", (await AskAsync("status", Guid.NewGuid().ToString())).Errors, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("wrong"), "wrong", TestContext.Current.CancellationToken);
        var refused = await Commands.FerryAsync("list", "--server", Address.AbsoluteUri, "--api-key-file", folder.File("wrong"));
        Assert.Contains("error[API_KEY_MISSING]: ", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken), server.Output, StringComparison.Ordinal);
    }

    private static AuthenticationHeaderValue Basic(string credentials) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string path) =>
        client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    private async Task<string> ImageAsync(string name)
    {
        var bytes = new byte[3 << 20];
        new Random(7).NextBytes(bytes.AsSpan(1 << 20, 1 << 20));
        await File.WriteAllBytesAsync(folder.File(name), bytes, TestContext.Current.CancellationToken);
        return folder.File(name);
    }

    private async Task<string> SubmitAsync(string source, string output, bool fixup = false)
    {
        using var client = Client();
        var request = new ConversionRequest { Source = source, SourceFormat = "raw", Target = "hyperv", Output = folder.File(output), Fixup = fixup };
        var response = await client.PostAsJsonAsync("/api/v1/conversions", request, DocumentJson.Options, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<ConversionView>(DocumentJson.Options, TestContext.Current.CancellationToken))!.Id.ToString();
    }

    private HttpClient Client() => server.Client();

    private Task<CommandResult> AskAsync(params string[] arguments) => server.AskAsync(arguments);
}
