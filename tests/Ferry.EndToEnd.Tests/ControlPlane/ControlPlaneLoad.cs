using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;

namespace Ferry.EndToEnd.Tests.ControlPlane;

/// <summary>Submits many small conversions at once through the API, waits for all, and says how long each step's hand-over took.</summary>
internal sealed class ControlPlaneLoad(HttpClient api, string folder)
{
    private const int Submitters = 32;
    private const int DiskBytes = 1 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    /// <summary>Runs <paramref name="count"/> conversions, each of a 1 MiB disk of its own into a folder of its own.</summary>
    public async Task<ControlPlaneFigures> RunAsync(int count)
    {
        var sources = Directory.CreateDirectory(Path.Combine(folder, "sources")).FullName;
        var disk = new byte[DiskBytes];
        for (var i = 0; i < count; i++)
        {
            new Random(i).NextBytes(disk.AsSpan(0, DiskBytes / 2));
            await File.WriteAllBytesAsync(Path.Combine(sources, Name(i) + ".img"), disk, TestContext.Current.CancellationToken);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var before = await EndedAsync(limit.Token);
        var start = TimeProvider.System.GetTimestamp();
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = Submitters, CancellationToken = limit.Token },
            async (i, token) => await SubmitAsync(Path.Combine(sources, Name(i) + ".img"), Path.Combine(folder, "out", Name(i)), token));
        var submitted = TimeProvider.System.GetElapsedTime(start);

        var conversions = await AllEndedAsync(before, count, limit.Token);
        var all = TimeProvider.System.GetElapsedTime(start);
        var failed = conversions.Where(view => view.State != "Completed").ToList();
        Assert.True(failed.Count == 0, $"{failed.Count} of {count} did not complete; the first: {failed.FirstOrDefault()?.State} {failed.FirstOrDefault()?.Failure}");
        Assert.All(conversions, view => Assert.Equal("clean", view.Ending));
        Assert.Equal(count, Directory.GetFiles(Path.Combine(folder, "out"), "*.vhdx", SearchOption.AllDirectories).Length);
        return new ControlPlaneFigures(count, submitted, all, conversions);
    }

    private static string Name(int i) => i.ToString("0000", CultureInfo.InvariantCulture);

    private async Task SubmitAsync(string source, string output, CancellationToken cancellationToken)
    {
        var request = new ConversionRequest { Source = source, SourceFormat = "raw", Target = "hyperv", Output = output, Fixup = false };
        using var response = await api.PostAsJsonAsync("/api/v1/conversions", request, DocumentJson.Options, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    private async Task<List<ConversionView>> AllEndedAsync(long before, int count, CancellationToken cancellationToken)
    {
        // Seldom: what looks takes time from what works.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (await EndedAsync(cancellationToken) < before + count)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        // The newest first.
        var conversions = new List<ConversionView>();
        while (conversions.Count < count)
        {
            var page = await PageAsync($"skip={conversions.Count}&limit={Math.Min(500, count - conversions.Count)}", cancellationToken);
            Assert.NotEmpty(page.Conversions);
            conversions.AddRange(page.Conversions);
        }

        return conversions;
    }

    private async Task<long> EndedAsync(CancellationToken cancellationToken) =>
        await TotalAsync("Completed", cancellationToken) + await TotalAsync("Failed", cancellationToken);

    private async Task<long> TotalAsync(string state, CancellationToken cancellationToken) => (await PageAsync($"state={state}&limit=1", cancellationToken)).Total;

    private async Task<ConversionPage> PageAsync(string query, CancellationToken cancellationToken) =>
        (await api.GetFromJsonAsync<ConversionPage>($"/api/v1/conversions?{query}", DocumentJson.Options, cancellationToken))!;
}
