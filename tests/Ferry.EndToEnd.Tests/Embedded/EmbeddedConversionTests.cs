using System.Text.Json;
using Ferry.Contracts.Machines;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary>The main job, in one process: the sample VMware VM becomes a Hyper-V VM that boots.</summary>
public sealed class EmbeddedConversionTests(EmbeddedConversion conversion) : IAsyncLifetime
{
    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await conversion.ReadyAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Convert_LeavesImageDefinitionAndReport_AndNothingElse()
    {
        var files = Directory.EnumerateFileSystemEntries(conversion.Output).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(["debian-sample-disk0.vhdx", "import.ps1", "report.html", "report.json", "vm.json"], files);
    }

    [Fact]
    public void Convert_DescribesTheMachineOfTheDescriptor()
    {
        var machine = conversion.Report.Machine!;
        Assert.Equal("debian-sample", machine.Name);
        Assert.Equal(2, machine.Processors);
        Assert.Equal(1024, machine.MemoryMiB);
        Assert.Equal(Firmware.Bios, machine.Firmware);
        Assert.Single(machine.Disks);
        Assert.Single(machine.Nics);
        using var definition = JsonDocument.Parse(File.ReadAllText(Path.Combine(conversion.Output, "vm.json")));
        Assert.Contains("debian-sample-disk0.vhdx", definition.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_SaysWhatWasDone()
    {
        var report = conversion.Report;
        Assert.Equal("Completed", report.Outcome);
        Assert.Equal(["capture", "preflight", "fixup", "convert", "publish", "cleanup"], report.Steps.Select(step => step.Step));
        Assert.All(report.Steps, step => Assert.Equal("done", step.Outcome));
        Assert.Empty(report.Residue);
        Assert.Matches("^[0-9a-f]{32}$", report.TraceId!);
        var disk = Assert.Single(report.Disks);
        Assert.NotEqual(disk.CapturedDigest, disk.ImageDigest);
        Assert.NotEmpty(disk.ChangedByFixup);
        Assert.Equal("debian", report.Guest!.Distribution);
        Assert.Contains(report.Guest.Changes, change => change.Path.StartsWith("/boot/initrd.img-", StringComparison.Ordinal));
        Assert.Contains(report.Guest.Changes, change => change.Path == "/etc/fstab");
        Assert.Contains(report.Guest.Changes, change => change.Path == "/boot/grub/grub.cfg");
    }

    [Fact]
    public async Task Image_IsCleanForQemuImg()
    {
        await Commands.ToolAsync("qemu-img", "check", "-f", "vhdx", conversion.Image);
        var info = await Commands.ToolAsync("qemu-img", "info", "-f", "vhdx", "--output", "json", conversion.Image);
        using var facts = JsonDocument.Parse(info);
        Assert.Equal(conversion.Report.Disks[0].Capacity, facts.RootElement.GetProperty("virtual-size").GetInt64());
    }

    [Fact]
    public async Task EveryChunkThatTheFixupDidNotTouch_IsTheSources_AndTheReportListsTheRest()
    {
        var disk = conversion.Report.Disks[0];
        var source = await RawDisks.CopyAsync(EmbeddedConversion.SourceImage, "vmdk", conversion.File("source.raw"));
        var target = await RawDisks.CopyAsync(conversion.Image, "vhdx", conversion.File("target.raw"));
        var different = await RawDisks.DifferentChunksAsync(source, target, disk.ChunkSize);
        Assert.Equal(disk.ChangedByFixup.SelectMany(range => Enumerable.Range(0, (int)range.Count).Select(i => range.First + i)), different);
        File.Delete(source);
        File.Delete(target);
    }

    [Fact]
    public async Task FixedImage_BootsFromVirtioToALogin_AndRunsItsFirstBootScript()
    {
        await Commands.ToolAsync(
            Path.Combine(FerryRepository.Root, "samples", "boot-check"), conversion.Image, "--format", "vhdx", "--disk", "virtio", "--timeout", "300",
            "--expect", "login:", "--expect", $"^{EmbeddedConversion.FirstBootSays}");
    }

    [Fact]
    public async Task UnfixedImage_DoesNotBootUnderTheSameCommand()
    {
        var image = Directory.EnumerateFiles(conversion.Unfixed, "*.vhdx").Single();
        var result = await Commands.RunAsync(
            Path.Combine(FerryRepository.Root, "samples", "boot-check"), image, "--format", "vhdx", "--disk", "virtio", "--timeout", "300");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("/dev/sda2 does not exist", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initramfs_HoldsTheHyperVModulesWithTheirDependencies()
    {
        var raw = await RawDisks.CopyAsync(conversion.Image, "vhdx", conversion.File("initramfs.raw"));
        var tree = conversion.File("tree");
        var boot = conversion.File("boot");
        Directory.CreateDirectory(boot);
        Environment.SetEnvironmentVariable("LIBGUESTFS_BACKEND", "direct");
        await Commands.ToolAsync("guestfish", "--ro", "--format=raw", "-a", raw, "-m", "/dev/sda2", "glob", "copy-out", "/boot/initrd.img-*", boot);
        File.Delete(raw);
        var initrd = Directory.EnumerateFiles(boot, "initrd.img-*").Single(path => !path.EndsWith(".pre-fixup", StringComparison.Ordinal));
        var kernel = Path.GetFileName(initrd)["initrd.img-".Length..];
        await InitramfsTree.UnpackAsync(initrd, tree);
        foreach (var module in new[] { "hv_vmbus", "hv_storvsc", "hv_netvsc" })
        {
            var loads = await Commands.ToolAsync("modprobe", "-n", "-v", "-d", tree, "-S", kernel, module);
            Assert.Contains(module, loads.Replace('-', '_'), StringComparison.Ordinal);
        }
    }
}
