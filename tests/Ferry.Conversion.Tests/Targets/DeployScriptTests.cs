using System.Diagnostics;
using System.Text;
using Ferry.Contracts.Machines;
using Ferry.Conversion.Targets.Azure;
using Ferry.Testing;

namespace Ferry.Conversion.Tests.Targets;

/// <summary>
/// Runs <c>deploy.sh</c> in Bash against stand-ins of az and azcopy that write down every call. It shows that the script does what it says in the right
/// order and with names that nothing expands; it shows nothing about a real Azure.
/// </summary>
public sealed class DeployScriptTests : IDisposable
{
    private const string Id = "6f1d2c3b-0000-4000-8000-000000000001";
    private static readonly string[] needed = ["--resource-group", "rg", "--location", "westeurope", "--subnet", "/subnets/a b"];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Bios_Linux_IsMadeInOrder()
    {
        var (code, calls, error) = await RunAsync(Machines.Of(disks: 2, nics: 2), needed);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(
            [
                $"az|disk|create|--resource-group|rg|--name|web-disk0|--location|westeurope|--sku|StandardSSD_LRS|--upload-type|Upload|--upload-size-bytes|1049088|--tags|ferry={Id}|--output|none|--os-type|Linux|--hyper-v-generation|V1",
                "azcopy|copy|./web-disk0.vhd|https://sas/web-disk0|--blob-type|PageBlob",
                "az|disk|revoke-access|--resource-group|rg|--name|web-disk0|--output|none",
                $"az|disk|create|--resource-group|rg|--name|web-disk1|--location|westeurope|--sku|StandardSSD_LRS|--upload-type|Upload|--upload-size-bytes|1049088|--tags|ferry={Id}|--output|none",
                "azcopy|copy|./web-disk1.vhd|https://sas/web-disk1|--blob-type|PageBlob",
                "az|disk|revoke-access|--resource-group|rg|--name|web-disk1|--output|none",
                $"az|network|nic|create|--resource-group|rg|--name|web-nic0|--location|westeurope|--subnet|/subnets/a b|--tags|ferry={Id}|--output|none",
                $"az|network|nic|create|--resource-group|rg|--name|web-nic1|--location|westeurope|--subnet|/subnets/a b|--tags|ferry={Id}|--output|none",
                $"az|vm|create|--resource-group|rg|--name|web|--location|westeurope|--size|Standard_D2s_v5|--os-type|Linux|--attach-os-disk|web-disk0|--nics|web-nic0|web-nic1|--tags|ferry={Id}|--attach-data-disks|web-disk1",
                "az|vm|boot-diagnostics|enable|--resource-group|rg|--name|web",
            ],
            calls);
    }

    [Fact]
    public async Task Uefi_Windows_IsGeneration2_WithOneAdapterAtLeast()
    {
        var (_, calls, _) = await RunAsync(Machines.Of(Firmware.Uefi, nics: 0, guest: "windows2019srv-64"), [.. needed, "--name", "other", "--size", "Standard_B2ms"]);
        Assert.EndsWith("--os-type|Windows|--hyper-v-generation|V2", calls[0], StringComparison.Ordinal);
        Assert.Contains(calls, call => call.Contains("|--name|other|--location|westeurope|--size|Standard_B2ms|--os-type|Windows|--attach-os-disk|other-disk0|--nics|other-nic0|", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("web'; touch pwned; '")]
    [InlineData("$(touch pwned)`touch pwned`\\")]
    [InlineData("日本 😀\n\u0000\t\"!")]
    [InlineData("-rf *")]
    public async Task HostileNames_AreValuesAndNothingElse(string name)
    {
        var (code, calls, error) = await RunAsync(Machines.Of(name: name, guest: name, network: name), needed);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(calls, call => call.StartsWith("azcopy|copy|./", StringComparison.Ordinal));
        Assert.False(File.Exists(folder.At("pwned")));
    }

    [Fact]
    public void Script_IsAsciiWhateverTheNames() =>
        Assert.DoesNotContain(AzureScript.Write(Machines.Publish(Machines.Of(name: "日本\u0007"), "azure")), c => c is > '~' or (< ' ' and not '\n'));

    [Theory]
    [InlineData("it's")]
    [InlineData("\\101 \\'7")]
    [InlineData("a\u00017é\r\n")]
    public async Task Literal_HasExactlyItsValue(string value)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", $"printf %s {ShellLiteral.Of(value)}"]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        Assert.Equal(value, await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Repeated_GoesOnAndUploadsNothingTwice()
    {
        var (code, calls, _) = await RunAsync(Machines.Of(disks: 3), needed, disks: $"web-disk0=Unattached/{Id} web-disk1=ActiveUpload/{Id}", others: $"web-nic0=tag/{Id}");
        Assert.Equal(0, code);
        Assert.DoesNotContain(calls, call => call.Contains("web-disk0|", StringComparison.Ordinal) && call.StartsWith("az|disk", StringComparison.Ordinal));
        Assert.Equal(["azcopy|copy|./web-disk1.vhd|https://sas/web-disk1|--blob-type|PageBlob", "azcopy|copy|./web-disk2.vhd|https://sas/web-disk2|--blob-type|PageBlob"], calls.Where(call => call.StartsWith("azcopy", StringComparison.Ordinal)));
        Assert.DoesNotContain(calls, call => call.StartsWith("az|network|nic|create", StringComparison.Ordinal));
        Assert.Single(calls, call => call.StartsWith("az|vm|create", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("web-disk0=Unattached/", "")]
    [InlineData("web-disk0=ReadyToUpload/another", "")]
    [InlineData("", "web-nic0=tag/")]
    [InlineData("", "web=tag/another")]
    [InlineData("WEB-Disk0=Unattached/", "")]
    public async Task WhatSomethingElseMade_IsNotTouched(string disks, string others)
    {
        var (code, calls, error) = await RunAsync(Machines.Of(), needed, disks, others);
        Assert.Equal(1, code);
        Assert.Contains("did not make", error, StringComparison.Ordinal);
        Assert.DoesNotContain(calls, call => call.StartsWith("az|vm|create", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("broken", "")]
    [InlineData("", "broken")]
    public async Task AnswerThatDoesNotCome_EndsTheScript(string disks, string others)
    {
        var (code, calls, error) = await RunAsync(Machines.Of(), needed, disks, others);
        Assert.Equal(1, code);
        Assert.Contains("did not say", error, StringComparison.Ordinal);
        Assert.DoesNotContain(calls, call => call.Contains("|nic|create", StringComparison.Ordinal) || call.StartsWith("az|vm|create", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a location", "--resource-group", "rg")]
    [InlineData("unknown option", "--resource-group", "rg", "--x", "y")]
    [InlineData("needs a value", "--name")]
    [InlineData("the name of the machine", "--resource-group", "rg", "--location", "l", "--subnet", "s", "--name", "a'b")]
    [InlineData("--os-type", "--resource-group", "rg", "--location", "l", "--subnet", "s", "--os-type", "BSD")]
    public async Task Arguments_ThatAreWrong_ChangeNothing(string message, params string[] arguments)
    {
        var (code, calls, error) = await RunAsync(Machines.Of(), arguments);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Empty(calls);
    }

    [Fact]
    public async Task Image_ThatIsNotWhole_IsRefused()
    {
        var (code, calls, error) = await RunAsync(Machines.Of(), needed, imageBytes: 1 << 20);
        Assert.Equal(1, code);
        Assert.Contains("not copied completely", error, StringComparison.Ordinal);
        Assert.Empty(calls);
    }

    [Fact]
    public async Task DryRun_CallsNothing()
    {
        var (code, calls, _) = await RunAsync(Machines.Of(), [.. needed, "--dry-run"]);
        Assert.Equal(0, code);
        Assert.Empty(calls);
    }

    private async Task<(int Code, IReadOnlyList<string> Calls, string Error)> RunAsync(
        MachineDescription machine, string[] arguments, string disks = "", string others = "", long imageBytes = (1 << 20) + 512)
    {
        var command = Machines.Publish(machine, "azure");
        foreach (var disk in command.Disks)
        {
            await using var image = File.Create(folder.At(disk.Image));
            image.SetLength(imageBytes);
        }

        var script = Assert.Single(new AzureTarget().Create(command, folder.Path));
        await File.WriteAllBytesAsync(folder.At(script.Name), script.Content.ToArray(), TestContext.Current.CancellationToken);
        Directory.CreateDirectory(folder.At("bin"));
        WriteProgram("azcopy", "note azcopy \"$@\"");
        WriteProgram("az", """
            of() { local entry; [ "$1" != broken ] || exit 3; for entry in foreign=Unattached/ $1; do echo "${entry/=//}"; done; }
            for ((i = 1; i <= $#; i++)); do [ "${!i}" = --name ] && { j=$((i + 1)); NAME=${!j}; }; done
            case "$1 $2 ${3:-}" in
                "disk list "*) of "$DISKS" ;;
                "disk grant-access "*) echo "https://sas/$NAME" ;;
                "vm list "* | "network nic list") of "$OTHERS" ;;
                *) note az "$@" ;;
            esac
            """);
        var start = new ProcessStartInfo("/bin/bash", [folder.At(script.Name), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        start.Environment["PATH"] = folder.At("bin") + ":/usr/bin:/bin";
        start.Environment["CALLS"] = folder.At("calls");
        start.Environment["DISKS"] = disks;
        start.Environment["OTHERS"] = others;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        IReadOnlyList<string> calls = File.Exists(folder.At("calls")) ? await File.ReadAllLinesAsync(folder.At("calls"), TestContext.Current.CancellationToken) : [];
        return (process.ExitCode, calls, error);
    }

    private void WriteProgram(string name, string body)
    {
        File.WriteAllText(folder.At("bin", name), "#!/bin/bash\nnote() { local IFS='|'; echo \"$*\" >>\"$CALLS\"; }\n" + body + "\n");
        if (OperatingSystem.IsWindows())
        {
            throw new NotSupportedException();
        }

        File.SetUnixFileMode(folder.At("bin", name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
