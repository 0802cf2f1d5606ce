using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Ferry.Contracts.Machines;
using Ferry.Conversion.Targets.HyperV;

namespace Ferry.Conversion.Tests.Targets;

/// <summary>
/// Runs <c>import.ps1</c> in PowerShell's own engine against a stand-in of the Hyper-V module that writes down every call. It shows that the script does
/// what it says in the right order and cleans up; it shows nothing about a real Hyper-V.
/// </summary>
public sealed class ImportScriptTests : IDisposable
{
    private const string Module = """
        $global:calls = [System.Collections.Generic.List[string]]::new()
        $global:vms = [System.Collections.Generic.List[object]]::new()
        $global:scsi = 1
        $global:nics = 1
        function Note { $global:calls.Add([string]::Join(' ', $args)) }
        function Get-VM { $global:vms }
        function Get-VMSwitch { [pscustomobject]@{ Name = 'External [1]' } }
        function Test-VHD { param($Path) $true }
        function New-VM { param($Name, $Generation, $MemoryStartupBytes, [switch] $NoVHD, $Path) Note New-VM $Name $Generation $MemoryStartupBytes $Path; $v = [pscustomobject]@{ Name = $Name; State = 'Off' }; $global:vms.Add($v); $v }
        function Set-VM { param($VM, $AutomaticCheckpointsEnabled) Note Set-VM $AutomaticCheckpointsEnabled }
        function Set-VMProcessor { param($VM, $Count) Note Set-VMProcessor $Count }
        function Set-VMMemory { param($VM, $DynamicMemoryEnabled, $StartupBytes) Note Set-VMMemory $DynamicMemoryEnabled $StartupBytes }
        function Get-VMScsiController { param($VM) 1..$global:scsi }
        function Add-VMScsiController { param($VM) $global:scsi++; Note Add-VMScsiController }
        function Add-VMHardDiskDrive { param($VM, $ControllerType, $ControllerNumber, $ControllerLocation, $Path, [switch] $Passthru) Note Add-VMHardDiskDrive $ControllerType $ControllerNumber $ControllerLocation ([System.IO.Path]::GetFileName($Path)); if ($global:breakDisk) { throw 'broken disk' }; "drive $ControllerLocation" }
        function Get-VMNetworkAdapter { param($VM) if ($global:nics) { 'default adapter' } }
        function Remove-VMNetworkAdapter { param([Parameter(ValueFromPipeline)] $VMNetworkAdapter) process { $global:nics--; Note Remove-VMNetworkAdapter $VMNetworkAdapter } }
        function Add-VMNetworkAdapter { param($VM, $Name, [switch] $Passthru) Note Add-VMNetworkAdapter $Name; $Name }
        function Set-VMNetworkAdapter { param($VMNetworkAdapter, $StaticMacAddress) Note Set-VMNetworkAdapter $VMNetworkAdapter $StaticMacAddress }
        function Set-VMNetworkAdapterVlan { param($VMNetworkAdapter, [switch] $Access, $VlanId) Note Set-VMNetworkAdapterVlan $VMNetworkAdapter $VlanId }
        function Connect-VMNetworkAdapter { param($VMNetworkAdapter, $SwitchName) Note Connect-VMNetworkAdapter $VMNetworkAdapter $SwitchName }
        function Set-VMFirmware { param($VM, $EnableSecureBoot, $SecureBootTemplate, $FirstBootDevice) Note Set-VMFirmware $EnableSecureBoot $SecureBootTemplate $FirstBootDevice }
        function Set-VMBios { param($VM, $StartupOrder) Note Set-VMBios $StartupOrder[0] }
        function Start-VM { param($VM) Note Start-VM }
        function Stop-VM { param($VM, [switch] $TurnOff, [switch] $Force) Note Stop-VM }
        function Remove-VM { param($VM, [switch] $Force) Note Remove-VM $VM.Name; $null = $global:vms.Remove($VM) }
        # What the engine alone, without its command modules, does not have.
        function Test-Path { param($LiteralPath, $PathType) if ($PathType -eq 'Leaf') { [System.IO.File]::Exists($LiteralPath) } else { [System.IO.Directory]::Exists($LiteralPath) } }
        function Join-Path { param($Path, $ChildPath) [System.IO.Path]::Combine($Path, $ChildPath) }
        function Get-Item { param($LiteralPath) [System.IO.FileInfo]::new($LiteralPath) }
        function Get-FileHash { param($LiteralPath, $Algorithm) [pscustomobject]@{ Hash = [Convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData([System.IO.File]::ReadAllBytes($LiteralPath))) } }
        function Write-Host { param($Object) Note "host: $Object" }
        function Write-Warning { param($Message) Note "warning: $Message" }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ferry-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Generation1_IsMadeInOrder()
    {
        var calls = Run(Machines.Of(disks: 2, nics: 2), "-SwitchName 'External [1]' -VlanId 60 -Start");
        Assert.Equal(
            [
                "New-VM web 1 2147483648", "Set-VMProcessor 2", "Set-VMMemory False 2147483648", "Set-VM False",
                "Add-VMHardDiskDrive IDE 0 0 web-0.vhdx", "Add-VMHardDiskDrive SCSI 0 0 web-1.vhdx",
                "Remove-VMNetworkAdapter default adapter",
                "Add-VMNetworkAdapter Network Adapter 1", "Set-VMNetworkAdapter Network Adapter 1 005056000000", "Set-VMNetworkAdapterVlan Network Adapter 1 60",
                "Connect-VMNetworkAdapter Network Adapter 1 External [1]",
                "Add-VMNetworkAdapter Network Adapter 2", "Set-VMNetworkAdapter Network Adapter 2 005056000001", "Set-VMNetworkAdapterVlan Network Adapter 2 60",
                "Set-VMBios IDE", "Start-VM",
            ],
            calls);
    }

    [Fact]
    public void Generation2_HasSecureBootAndBootDisk()
    {
        var calls = Run(Machines.Of(Firmware.Uefi, disks: 65, secureBoot: true, guest: "windows9-64"), "-Name 'other' -MemoryStartupBytes 4GB -AutomaticCheckpoints");
        Assert.Equal("New-VM other 2 4294967296", calls[0]);
        Assert.Contains("Add-VMScsiController", calls);
        Assert.Contains("Set-VMFirmware On MicrosoftWindows", calls);
        Assert.Contains(calls, call => call.StartsWith("Set-VMFirmware ", StringComparison.Ordinal) && call.EndsWith(" drive 0", StringComparison.Ordinal));
        Assert.DoesNotContain("Set-VM False", calls);
        Assert.DoesNotContain("Start-VM", calls);
    }

    [Fact]
    public void Processors_CanBeFewerThanAtTheSource() =>
        Assert.Contains("Set-VMProcessor 64", Run(Machines.Of() with { Processors = 96 }, "-Processors 64"));

    [Theory]
    [InlineData("it's ’a’ [web] $(x)")]
    [InlineData("日本 😀")]
    public void Name_ArrivesUnchanged(string name) => Assert.StartsWith($"New-VM {name} 1", Run(Machines.Of(name: name), "")[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("-SwitchName 'none'", "no virtual switch")]
    [InlineData("-Path '/none'", "no folder")]
    [InlineData("-VlanId 5000", "VlanId")]
    [InlineData("-MemoryStartupBytes 1000", "MemoryStartupBytes")]
    public void Check_ThatFails_ChangesNothing(string arguments, string message)
    {
        var e = Assert.ThrowsAny<RuntimeException>(() => Run(Machines.Of(), arguments));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_ThatIsTaken_IsRefused() =>
        Assert.Contains("already here", Assert.ThrowsAny<RuntimeException>(() => Run(Machines.Of(), "", "$global:vms.Add([pscustomobject]@{ Name = 'WEB' })")).Message, StringComparison.Ordinal);

    [Fact]
    public void Image_OfAnotherSize_IsRefused_UnlessToldNotToLook()
    {
        Assert.Contains("bytes", Assert.ThrowsAny<RuntimeException>(() => Run(Machines.Of(), "", content: "longer")).Message, StringComparison.Ordinal);
        Assert.NotEmpty(Run(Machines.Of(), "-SkipFileCheck", content: "longer"));
    }

    [Fact]
    public void Image_WithAnotherDigest_IsRefused()
    {
        var machine = Machines.Of();
        var right = HyperVPlanner.Plan(machine, [new HyperVImage("web-0.vhdx", 1 << 30, 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]);
        Assert.NotEmpty(Run(right, "", "", "abc"));
        Assert.Contains("SHA-256", Assert.ThrowsAny<RuntimeException>(() => Run(right, "", "", "abd")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Image_ThatIsMissing_IsRefused() =>
        Assert.Contains("is missing", Assert.ThrowsAny<RuntimeException>(() => Run(Machines.Of(), "", content: null)).Message, StringComparison.Ordinal);

    [Fact]
    public void Failure_RemovesTheMachine()
    {
        using var shell = Open("$global:breakDisk = $true");
        Write(Machines.Plan(Machines.Of()), "abc");
        var e = Assert.ThrowsAny<RuntimeException>(() => shell.AddScript($"& '{_folder}/import.ps1'").Invoke());
        Assert.Contains("broken disk", e.Message, StringComparison.Ordinal);
        var calls = Calls(shell, all: true);
        Assert.Contains("Remove-VM web", calls);
        Assert.Contains(calls, c => c.StartsWith("host: Removed the virtual machine", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(_folder, "web-0.vhdx")));
    }

    [Fact]
    public void WhatIf_DoesNothing() => Assert.Empty(Run(Machines.Of(), "-WhatIf"));

    private List<string> Run(MachineDescription machine, string arguments, string before = "", string? content = "abc") =>
        Run(Machines.Plan(machine), arguments, before, content);

    private List<string> Run(HyperVDefinition plan, string arguments, string before, string? content)
    {
        Write(plan, content);
        using var shell = Open(before);
        shell.AddScript($"& '{_folder}/import.ps1' {arguments}").Invoke();
        if (shell.Streams.Error is [var error, ..])
        {
            // An argument that is refused ends the call with an error record and not with an exception.
            throw new RuntimeException(error.ToString(), error.Exception);
        }

        return Calls(shell, all: false);
    }

    private void Write(HyperVDefinition plan, string? content)
    {
        File.WriteAllText(Path.Combine(_folder, "import.ps1"), HyperVScript.Write(plan));
        foreach (var disk in plan.Disks.Where(_ => content is not null))
        {
            File.WriteAllText(Path.Combine(_folder, disk.File), content);
        }
    }

    private PowerShell Open(string before)
    {
        var module = Directory.CreateDirectory(Path.Combine(_folder, "modules", "Hyper-V")).FullName;
        File.WriteAllText(Path.Combine(module, "Hyper-V.psm1"), Module);
        var shell = PowerShell.Create(RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2()));
        shell.Runspace.Open();
        shell.AddScript($"$env:PSModulePath = '{_folder}/modules'; Import-Module -Name '{module}/Hyper-V.psm1' -Global; {before}").Invoke();
        Assert.Empty(shell.Streams.Error);
        shell.Commands.Clear();
        return shell;
    }

    private static List<string> Calls(PowerShell shell, bool all)
    {
        shell.Commands.Clear();
        return [.. shell.AddScript("$global:calls").Invoke().Select(o => o.ToString().TrimEnd()).Where(c => all || !c.StartsWith("host: ", StringComparison.Ordinal))];
    }
}
