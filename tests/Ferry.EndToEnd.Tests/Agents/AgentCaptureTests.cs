using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;
using Ferry.Contracts.Transfer;
using Ferry.EndToEnd.Tests.Embedded;
using Ferry.Hosting.Documents;
using Ferry.Testing;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Agents;

/// <summary>The native agent sends a disk to a running Ferry, and what was captured is converted.</summary>
public sealed class AgentCaptureTests : IAsyncLifetime
{
    private const int Chunk = 1 << 20;
    private const int DiskBytes = 96 * Chunk;
    private const int PartitionStart = Chunk;
    private const int PartitionBytes = 90 * Chunk;
    private const int FileBytes = 8 * Chunk;
    private const long MostResidentKiB = 100 << 10;
    private readonly TempFolder folder = new("agent");
    private FerryServer server = null!;
    private string agent = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        server = await FerryServer.StartAsync(folder.File("data"));
        agent = await AgentProgram.BuildAsync();
    }

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
    public async Task Disk_IsCaptured_KilledInTheMiddle_AndConverted()
    {
        var disk = await DiskAsync();
        await KillInTheMiddleAsync(disk);
        var arrived = StoredFiles();

        var (outcome, residentKiB, _, _) = await CaptureAsync(disk);
        var sent = outcome.GetProperty("disks")[0];
        var moved = sent.GetProperty("bytesMoved").GetInt64();
        var unused = sent.GetProperty("bytesZero").GetInt64();
        Assert.InRange(unused, 40L * Chunk, DiskBytes - (4L * FileBytes));
        Assert.InRange(moved, Chunk, DiskBytes - unused - ((arrived - 2L) * Chunk));
        Assert.InRange(residentKiB, 1, MostResidentKiB);
        var job = (await GetAsync<TransferJobView>($"/api/v1/transfers/{outcome.GetProperty("id").GetString()}"))!;
        Assert.Equal(TransferJobState.Transferred, job.State);
        Assert.InRange(job.Counters.BytesResent, 0, 4 * Chunk);

        // The same command again finds all of it there.
        var (again, _, _, _) = await CaptureAsync(disk);
        Assert.Equal((outcome.GetProperty("id").GetString(), 0L), (again.GetProperty("id").GetString(), again.GetProperty("disks")[0].GetProperty("bytesMoved").GetInt64()));

        var report = await ConvertAsync(outcome.GetProperty("source").GetString()!);
        Assert.Equal(("rescued", Firmware.Uefi, "disk.img"), (report.Machine!.Name, report.Machine.Firmware, report.Machine.Disks[0].Image));
        Assert.Equal(report.Disks[0].CapturedDigest, report.Disks[0].ImageDigest);
        await AssertSameFilesAsync(disk, Path.Combine(folder.File("out"), report.Disks[0].Image));
    }

    [Fact]
    public async Task Conversion_OfWhatIsNoCapturedMachine_SaysWhy()
    {
        Assert.Equal("TRANSFER_UNKNOWN", (await FailAsync($"upload:{Guid.NewGuid()}")).Failure!.Code);
        var plain = new TransferJobRequest { Id = Guid.NewGuid(), Name = "plain", Type = TransferJobType.Upload, Files = [new TransferFileRequest { Name = "a", Size = Chunk }] };
        Assert.Equal(HttpStatusCode.Created, await PostAsync("/api/v1/transfers", plain));
        Assert.Equal("UPLOAD_NO_MACHINE", (await FailAsync($"upload:{plain.Id}")).Failure!.Code);
        var machine = new MachineDescription
        {
            Name = "m", Processors = 1, MemoryMiB = 512, Firmware = Firmware.Bios, Nics = [], Disks = [new MachineDisk { Index = 0, Bus = "scsi", Controller = 0, Unit = 0, Image = "sda", Capacity = Chunk }],
        };
        var begun = plain with { Id = Guid.NewGuid(), Machine = new UploadMachine { Machine = machine } };
        Assert.Equal(HttpStatusCode.Created, await PostAsync("/api/v1/transfers", begun));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/v1/transfers", begun));
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync("/api/v1/transfers", begun with { Machine = new UploadMachine { Machine = machine with { MemoryMiB = 1024 } } }));
        Assert.Equal("UPLOAD_NOT_THERE", (await FailAsync($"upload:{begun.Id}")).Failure!.Code);
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("/api/v1/conversions", Request("upload:none")));
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task ProcessorTime_IsLimited()
    {
        var (_, _, freely, freeTime) = await CaptureAsync(RawImage.Write(folder.File("one.img"), 200, 7), "--all-blocks");
        var share = freely / freeTime / Environment.ProcessorCount;

        // A quarter of what it takes by itself, so that the limit is what holds it back.
        var percent = Math.Max(1, (int)(share * 25));
        Assert.True(share > 0.015, $"It took {share:P1} without a limit: nothing is tested.");
        var (_, residentKiB, used, elapsed) = await CaptureAsync(RawImage.Write(folder.File("two.img"), 200, 8), "--all-blocks", "--max-cpu", $"{percent}");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{freely.TotalSeconds:0.00} s in {freeTime.TotalSeconds:0.0} s; with {percent} %: {used.TotalSeconds:0.00} s in {elapsed.TotalSeconds:0.0} s, {residentKiB} KiB resident"));
        Assert.InRange(used / elapsed, 0, 1.25 * percent / 100 * Environment.ProcessorCount);
        Assert.InRange(residentKiB, 1, MostResidentKiB);
    }

    // Noise with a GPT and a file system of four files on it: what no file uses is noise still, so that a copy of it would show.
    private async Task<string> DiskAsync()
    {
        var disk = RawImage.Write(folder.File("disk.img"), DiskBytes / Chunk, 11);
        var files = Directory.CreateDirectory(folder.File("files")).FullName;
        for (var i = 0; i < 4; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(files, $"file{i}"), RandomNumberGenerator.GetBytes(FileBytes), Token);
        }

        await Commands.ToolAsync("bash", "-c", $"printf 'label: gpt\\nstart=1M, size=90M, type=U\\n' | sfdisk --quiet --wipe always '{disk}'");
        await Commands.ToolAsync("mke2fs", "-q", "-F", "-t", "ext4", "-d", files, "-E", $"nodiscard,offset={PartitionStart}", disk, $"{PartitionBytes / 1024}k");
        return disk;
    }

    private async Task KillInTheMiddleAsync(string disk)
    {
        await using var first = await ExternalProcess.StartAsync(agent, [.. Arguments(disk), "--max-mbps", "32"]);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (StoredFiles() < 8 && !first.HasExited)
        {
            await look.WaitForNextTickAsync(Token);
        }

        Assert.False(first.HasExited, $"The capture was over before it could be killed: {first.Output}");
        await Commands.ToolAsync("kill", "-KILL", first.Id.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<(JsonElement Outcome, long ResidentKiB, TimeSpan Used, TimeSpan Elapsed)> CaptureAsync(string disk, params string[] options)
    {
        var figures = folder.File("figures");
        var result = await Commands.RunAsync("/usr/bin/time", ["-o", figures, "-f", "%M %U %S %e", agent, .. Arguments(disk), .. options]);
        Assert.True(result.ExitCode == 0, result.ToString());
        var numbers = (await File.ReadAllTextAsync(figures, Token)).Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return (JsonDocument.Parse(result.Output).RootElement, (long)numbers[0], TimeSpan.FromSeconds(numbers[1] + numbers[2]), TimeSpan.FromSeconds(numbers[3]));
    }

    private string[] Arguments(string disk) => ["capture", "--server", server.Address.AbsoluteUri, "--key-file", server.KeyFile, "--name", "rescued", "--disk", disk, "--json"];

    private int StoredFiles() => Directory.Exists(Path.Combine(folder.File("data"), "chunks", "chunks"))
        ? Directory.EnumerateFiles(Path.Combine(folder.File("data"), "chunks", "chunks"), "*", SearchOption.AllDirectories).Count()
        : 0;

    private ConversionRequest Request(string source) => new() { Source = source, Target = "raw", Output = folder.File("out"), Fixup = false };

    private async Task<ConversionReport> ConvertAsync(string source)
    {
        var view = await EndedAsync(source);
        Assert.True(view.State == "Completed", $"{view.State}: {view.Failure}");
        return JsonSerializer.Deserialize<ConversionReport>(await File.ReadAllTextAsync(Path.Combine(folder.File("out"), "report.json"), Token), DocumentJson.Options)!;
    }

    private async Task<ConversionView> FailAsync(string source)
    {
        var view = await EndedAsync(source);
        Assert.Equal("Failed", view.State);
        return view;
    }

    private async Task<ConversionView> EndedAsync(string source)
    {
        using var client = server.Client();
        using var answer = await client.PostAsJsonAsync("/api/v1/conversions", Request(source), DocumentJson.Options, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
        var id = (await answer.Content.ReadFromJsonAsync<ConversionView>(DocumentJson.Options, Token))!.Id;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var view = (await GetAsync<ConversionView>($"/api/v1/conversions/{id}"))!;
            if (view.State is "Completed" or "Failed" or "Cancelled")
            {
                return view;
            }

            await look.WaitForNextTickAsync(Token);
        }
    }

    private async Task<HttpStatusCode> PostAsync<T>(string path, T body)
    {
        using var client = server.Client();
        using var answer = await client.PostAsJsonAsync(path, body, DocumentJson.Options, Token);
        return answer.StatusCode;
    }

    private async Task<T?> GetAsync<T>(string path)
    {
        using var client = server.Client();
        return await client.GetFromJsonAsync<T>(path, DocumentJson.Options, Token);
    }

    // What differs is noise that no file used, and is zero in the image; the file system and every file in it are the same.
    private async Task AssertSameFilesAsync(string disk, string image)
    {
        var different = await RawDisks.DifferentChunksAsync(disk, image, Chunk);
        Assert.InRange(different.Count, 20, DiskBytes / Chunk);
        await using (var file = File.OpenRead(image))
        {
            var buffer = new byte[Chunk];
            foreach (var chunk in different)
            {
                file.Position = chunk * Chunk;
                await file.ReadExactlyAsync(buffer, Token);
                Assert.False(buffer.AsSpan().ContainsAnyExcept((byte)0), $"Chunk {chunk} has other bytes, and not zeros.");
            }
        }

        await Commands.ToolAsync("e2fsck", "-fn", $"{image}?offset={PartitionStart}");
        for (var i = 0; i < 4; i++)
        {
            var copy = folder.File($"copy{i}");
            await Commands.ToolAsync("debugfs", "-R", $"dump /file{i} {copy}", $"{image}?offset={PartitionStart}");
            await Commands.ToolAsync("cmp", Path.Combine(folder.File("files"), $"file{i}"), copy);
        }
    }
}
