using System.Diagnostics;
using Ferry.Contracts;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Guests.Linux.Initrd;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Tests.Engine;

/// <summary>The engine on the real sample guest.</summary>
public sealed class FixupEngineTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Run_SampleGuest_IsFixedUpAndNeedsNothingAfterwards()
    {
        using var scratch = new ScratchFolder();
        var layer = await SampleGuest.LayerAsync(SampleGuest.Disk(), scratch.Path);
        var engine = SampleGuest.Engine();
        var watch = Stopwatch.StartNew();
        var request = new FixupRequest
        {
            Target = SampleGuest.Target,
            Disks = [new ApplianceDisk(layer, "qcow2", ReadOnly: false)],
            Scratch = scratch.Path,
            Apply = true,
            Activity = new Told(text => output.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s: {text}")),
        };

        var result = await engine.RunAsync(request, TestContext.Current.CancellationToken);

        output.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s: done");
        foreach (var change in result.Plan!.Changes)
        {
            output.WriteLine($"{change.Rule} {change.Path}\n{change.Summary}");
        }

        foreach (var finding in result.Findings)
        {
            output.WriteLine($"{finding.Severity} {finding.Id} {finding.Message}");
        }

        Assert.True(result.Applied);
        Assert.Equal("debian", result.Guest.Distribution);
        Assert.Equal("x86_64", result.Guest.Architecture);
        Assert.DoesNotContain(result.Findings, f => f.Severity == FindingSeverity.Error);
        Assert.Equal(
            ["linux-initramfs-drivers", "linux-initramfs-dropin", "linux-fstab-uuid", "linux-grub-uuid", "linux-resume-uuid", "linux-nic-names"],
            result.Plan.Rules.Where(r => r.Applies).Select(r => r.Rule));

        await ModulesResolveAsync(result.Plan.Edits.Single(e => e.Path.Contains("initrd", StringComparison.Ordinal)), scratch.Path);
        var again = await engine.RunAsync(request with { Apply = false, Disks = [new ApplianceDisk(layer, "qcow2", ReadOnly: true)] }, TestContext.Current.CancellationToken);
        Assert.True(again.Plan!.IsEmpty);
        if (Environment.GetEnvironmentVariable("FERRY_KEEP_FIXED") is { Length: > 0 } keep)
        {
            await SampleGuest.RunAsync("qemu-img", "convert", "-O", "qcow2", layer, keep);
        }
    }

    /// <summary>Unpacks the new initial RAM disk with the distribution's tools, as the kernel would, and asks modprobe.</summary>
    private static async Task ModulesResolveAsync(GuestEdit edit, string folder)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, "unpacked")).FullName;
        var image = InitrdImage.Parse(edit.Content);
        foreach (var segment in image.Segments)
        {
            var part = Path.Combine(folder, "part");
            await File.WriteAllBytesAsync(part, edit.Content.Slice(segment.Offset, segment.Length).ToArray());
            await SampleGuest.RunAsync("bash", "-c", $"{(segment.Compression == InitrdCompression.None ? "cat" : "zstd -dcq")} {part} | cpio -idmu --quiet --no-absolute-filenames -D {root}");
        }

        var version = edit.Path[(edit.Path.IndexOf('-', StringComparison.Ordinal) + 1)..];
        foreach (var module in new[] { "hv_vmbus", "hv_storvsc", "hv_netvsc", "hyperv_keyboard", "hid_hyperv", "sd_mod" })
        {
            var steps = await SampleGuest.RunAsync("/usr/sbin/modprobe", "-n", "-v", "-d", root, "-S", version, module);
            Assert.Contains($"insmod", steps, StringComparison.Ordinal);
            Assert.All(steps.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.StartsWith("insmod", StringComparison.Ordinal)), l => Assert.True(File.Exists(l.Split(' ')[1]), l));
        }

        Assert.Contains("hv_vmbus", await SampleGuest.RunAsync("/usr/sbin/modprobe", "-n", "-v", "-d", root, "-S", version, "hv_storvsc"), StringComparison.Ordinal);
    }

    private sealed class Told(Action<string> tell) : IProgress<string>
    {
        public void Report(string value) => tell(value);
    }
}
