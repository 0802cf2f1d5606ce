using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ferry.Cli.Commands;
using Ferry.Cli.Embedded;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Library;
using Ferry.EndToEnd.Tests.Distributed;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Library;
using Ferry.TestServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace Ferry.Cli.Tests.Library;

/// <summary>What <c>ferry serve</c> runs, in this process, with its REST API, and a web server with a VMware machine; may be stopped and started again over the same data.</summary>
internal sealed class LibraryHost : IAsyncDisposable
{
    private readonly TempFolder folder = new("library");
    private IDisposable? held;
    private WebApplication? app;
    private HttpClient http = null!;

    public FolderWebServer Web { get; private set; } = null!;

    public string Remote => folder.File("remote");

    public string Folder => folder.File("library");

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<LibraryHost> StartAsync()
    {
        var host = new LibraryHost();
        VmwareMachine.Write(host.Remote);
        host.Web = await FolderWebServer.StartAsync(host.Remote);
        await host.StartAgainAsync();
        return host;
    }

    public async Task StartAgainAsync()
    {
        var data = new DataFolder(folder.File("data"), Folder);
        held = data.Open();
        app = ServeCommand.Build("http://127.0.0.1:0", data, json: true);
        app.Configuration["Logging:LogLevel:Default"] = "Error";
        ((IConfigurationRoot)app.Configuration).Reload();
        await app.StartAsync(Token);
        http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Add("X-Api-Key", (await File.ReadAllTextAsync(data.KeyFile, Token)).Trim());
    }

    public async Task StopAsync()
    {
        if (app is not null)
        {
            http.Dispose();
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
            held!.Dispose();
            app = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Web.DisposeAsync();
        folder.Dispose();
    }

    public string In(string machine, string file) => Path.Combine(Folder, machine, file);

    public Task<(HttpStatusCode Status, JsonElement Body)> AddAsync(string name, string? source = null, Guid? id = null) => PostAsync(
        "/api/v1/library", new LibraryAddRequest { Id = id ?? Guid.NewGuid(), Source = source ?? Web.Url("web01.vmx"), Name = name });

    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object? body = null) =>
        await ReadAsync(await http.PostAsJsonAsync(path, body ?? new { }, DocumentJson.Options, Token));

    public async Task<(HttpStatusCode Status, JsonElement Body)> DeleteAsync(string name) =>
        await ReadAsync(await http.DeleteAsync(new Uri($"/api/v1/library/{Uri.EscapeDataString(name)}", UriKind.Relative), Token));

    public async Task<T> GetAsync<T>(string path) => (await http.GetFromJsonAsync<T>(path, DocumentJson.Options, Token))!;

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Token);
        return response.StatusCode;
    }

    public Task<LibraryMachineView> MachineAsync(string name, LibraryMachineState state) =>
        Eventually.GetAsync(() => GetAsync<LibraryMachineView>($"/api/v1/library/{name}"), machine => machine.State == state, $"{name} is {state}");

    public async Task<LibraryMachineView> AddedAsync(string name, string? source = null)
    {
        var (status, body) = await AddAsync(name, source);
        Assert.True(status == HttpStatusCode.Accepted, body.ToString());
        return await MachineAsync(name, LibraryMachineState.Ready);
    }

    public async Task<LibraryVerificationView> VerifyAsync(string name)
    {
        var (status, body) = await PostAsync($"/api/v1/library/{name}/verify");
        Assert.True(status == HttpStatusCode.Accepted, body.ToString());
        var id = body.GetProperty("id").GetGuid();
        return (await Eventually.GetAsync(
            () => GetAsync<LibraryMachineView>($"/api/v1/library/{name}"), machine => machine.Verification is { EndedAt: not null } run && run.Id == id, "it is verified")).Verification!;
    }

    public async Task<Guid> ConvertAsync(string source, string output)
    {
        var (status, body) = await PostAsync("/api/v1/conversions", new ConversionRequest { Source = source, Target = "hyperv", Output = output, Fixup = false });
        Assert.True(status == HttpStatusCode.Accepted, body.ToString());
        return body.GetProperty("id").GetGuid();
    }

    public Task<ConversionView> ConversionAsync(Guid id, Func<ConversionView, bool> satisfies, string what) =>
        Eventually.GetAsync(() => GetAsync<ConversionView>($"/api/v1/conversions/{id}"), satisfies, what);

    /// <summary>What is left of machines that are not complete.</summary>
    public IReadOnlyList<string> Left() =>
        Directory.Exists(Path.Combine(Folder, LibraryShare.WorkName)) ? [.. Directory.EnumerateFileSystemEntries(Path.Combine(Folder, LibraryShare.WorkName), "*", SearchOption.AllDirectories)] : [];

    private static async Task<(HttpStatusCode Status, JsonElement Body)> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Token);
            return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
        }
    }
}
