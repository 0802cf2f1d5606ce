using System.Text;
using Ferry.Capture.Sources;
using Ferry.Capture.Sources.Vmware;
using Ferry.Contracts.Machines;

namespace Ferry.Capture.Tests.Sources;

public sealed class VmxTests
{
    private const string OneDisk = "scsi0:0.present = \"TRUE\"\nscsi0:0.fileName = \"disk.vmdk\"\nmemsize = \"512\"\n";

    [Theory]
    [InlineData("displayName = \"a|22b|7Cc\"", "a\"b|c")]
    [InlineData("DISPLAYNAME=\"x\"", "x")]
    [InlineData("  displayName\t=\t\"x\"  \r", "x")]
    [InlineData("displayName = \"first\"\ndisplayname = \"second\"", "first")]
    [InlineData("displayName = \"a|0Ab\"", "a b")]
    [InlineData("displayName = \"a|zz|4\"", "a|zz|4")]
    [InlineData("displayName = \"\"", "machine-file")]
    [InlineData("# displayName = \"x\"", "machine-file")]
    [InlineData("displayName = plain", "plain")]
    public void Name_IsReadAsVMwareWritesIt(string line, string name) => Assert.Equal(name, Describe(OneDisk + line).Machine.Name);

    [Fact]
    public void Name_InWindows1252_IsDecoded()
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(OneDisk + ".encoding = \"windows-1252\"\ndisplayName = \"10 "), 0x80, .. Encoding.ASCII.GetBytes(" |E4\"")];
        Assert.Equal("10 € ä", VmxMachine.Describe(VmxDocument.Parse(bytes, "m.vmx"), "m.vmx").Machine.Name);
    }

    [Fact]
    public void Name_InUtf8WithBom_IsDecoded()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(".encoding = \"UTF-8\"\ndisplayName = \"Käse 日本\"\n" + OneDisk)];
        Assert.Equal("Käse 日本", VmxMachine.Describe(VmxDocument.Parse(bytes, "m.vmx"), "m.vmx").Machine.Name);
    }

    [Fact]
    public void Name_InWrongEncoding_FallsBackAndSaysSo()
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(OneDisk + ".encoding = \"UTF-8\"\ndisplayName = \"K"), 0xE4, (byte)'"'];
        var result = VmxMachine.Describe(VmxDocument.Parse(bytes, "m.vmx"), "m.vmx");
        Assert.Equal("Kä", result.Machine.Name);
        Assert.Contains(result.Findings, f => f.Id == "VMX_ENCODING");
    }

    [Fact]
    public void Disks_AreInBootOrder()
    {
        var machine = Describe("""
            nvme0:0.present = "TRUE"
            nvme0:0.fileName = "n.vmdk"
            ide0:1.present = "TRUE"
            ide0:1.fileName = "i.vmdk"
            ide0:1.deviceType = "ata-hardDisk"
            ide1:0.present = "TRUE"
            ide1:0.fileName = "auto detect"
            ide1:0.deviceType = "cdrom-raw"
            sata0:2.present = "TRUE"
            sata0:2.fileName = "s.vmdk"
            scsi1:0.present = "TRUE"
            scsi1:0.fileName = "c.vmdk"
            scsi0:10.present = "TRUE"
            scsi0:10.fileName = "b.vmdk"
            scsi0:2.present = "TRUE"
            scsi0:2.fileName = "a.vmdk"
            scsi0:3.present = "FALSE"
            scsi0:3.fileName = "gone.vmdk"
            """).Machine;
        Assert.Equal(["a.vmdk", "b.vmdk", "c.vmdk", "s.vmdk", "i.vmdk", "n.vmdk"], machine.Disks.Select(d => d.Image));
        Assert.Equal([0, 1, 2, 3, 4, 5], machine.Disks.Select(d => d.Index));
    }

    [Fact]
    public void Disks_FollowTheBiosOrder()
    {
        var machine = Describe(OneDisk + "scsi0:1.present = \"TRUE\"\nscsi0:1.fileName = \"boot.vmdk\"\nbios.hddOrder = \"scsi0:1\"").Machine;
        Assert.Equal(["boot.vmdk", "disk.vmdk"], machine.Disks.Select(d => d.Image));
    }

    [Fact]
    public void Machine_WithAll_IsDescribed()
    {
        var result = Describe(OneDisk + """
            numvcpus = "4"
            firmware = "efi"
            uefi.secureBoot.enabled = "TRUE"
            guestOS = "windows2019srv-64"
            checkpoint.vmState = "m.vmss"
            cleanShutdown = "FALSE"
            vtpm.present = "TRUE"
            ethernet0.present = "TRUE"
            ethernet0.connectionType = "nat"
            ethernet0.addressType = "static"
            ethernet0.address = "00:50:56:AA:bb:01"
            ethernet0.generatedAddress = "00:0c:29:11:22:33"
            ethernet1.present = "TRUE"
            ethernet1.startConnected = "FALSE"
            ethernet1.address = "junk"
            ethernet2.present = "FALSE"
            """);
        var machine = result.Machine;
        Assert.Equal((4, 512, Firmware.Uefi, true), (machine.Processors, machine.MemoryMiB, machine.Firmware, machine.SecureBoot));
        Assert.Equal([("005056AABB01", "nat", true), (null, null, false)], machine.Nics.Select(n => (n.MacAddress, n.Network, n.Connected)));
        Assert.Equal(["MACHINE_NOT_SHUT_DOWN", "MACHINE_SUSPENDED", "NIC_WITHOUT_MAC", "VTPM_DROPPED"], result.Findings.Select(f => f.Id).Order());
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../x.vmdk")]
    [InlineData("..")]
    [InlineData("sub/x.vmdk")]
    [InlineData("C:\\\\x.vmdk")]
    [InlineData("C:x.vmdk")]
    [InlineData("/vmfs/volumes/5458b680/vm/disk.vmdk")]
    [InlineData("/dev/sda")]
    [InlineData("http://host/x.vmdk")]
    [InlineData("x|0A.vmdk")]
    public void DiskFile_ThatIsNotBeside_IsRefused(string name)
    {
        var e = Assert.Throws<SourceException>(() => Describe($"scsi0:0.present = \"TRUE\"\nscsi0:0.fileName = \"{name}\""));
        Assert.Equal(SourceErrors.ForbiddenReference, e.Failure.Code);
        Assert.NotEmpty(e.Failure.Remedy);
        Assert.False(e.Failure.Retryable);
    }

    [Theory]
    [InlineData("encryption.keySafe = \"vmware:key/list\"", SourceErrors.Encrypted)]
    [InlineData("numvcpus = \"0\"", SourceErrors.VmxInvalid)]
    [InlineData("numvcpus = \"99999999999999999999\"", SourceErrors.VmxInvalid)]
    [InlineData("memsize = \"-1\"", SourceErrors.VmxInvalid)]
    [InlineData("displayName = \"a|00b\"", SourceErrors.VmxInvalid)]
    public void Machine_ThatMakesNoSense_IsRefused(string line, string code) =>
        Assert.Equal(code, Assert.Throws<SourceException>(() => Describe(line + "\n" + OneDisk)).Failure.Code);

    [Fact]
    public void Machine_WithoutDisk_IsRefused() => Assert.Equal(SourceErrors.NoDisks, Assert.Throws<SourceException>(() => Describe("memsize = \"4\"")).Failure.Code);

    [Fact]
    public void ZeroBytes_AreRefused() =>
        Assert.Equal(SourceErrors.VmxInvalid, Assert.Throws<SourceException>(() => VmxDocument.Parse("a = \"\0\""u8, "m.vmx")).Failure.Code);

    [Fact]
    public void TooManyKeysOrBytes_AreRefused()
    {
        var keys = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"k{i}=\"\"\n"));
        Assert.Equal(SourceErrors.VmxInvalid, Assert.Throws<SourceException>(() => VmxDocument.Parse(Encoding.ASCII.GetBytes(keys), "m.vmx")).Failure.Code);
        Assert.Equal(SourceErrors.VmxInvalid, Assert.Throws<SourceException>(() => VmxDocument.Parse(new byte[100_000_000], "m.vmx")).Failure.Code);
    }

    [Fact]
    public void Fuzz_OnlyEverGivesAMachineOrTheOneException()
    {
        var random = new Random(20240607);
        var seed = Encoding.ASCII.GetBytes(OneDisk + "displayName = \"a|22b\"\nethernet0.present = \"TRUE\"\nethernet0.address = \"00:50:56:AA:bb:01\"\nnumvcpus = \"2\"\n.encoding = \"UTF-8\"\nbios.hddOrder = \"scsi0:0\"\n");
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Fuzz.Mutate(seed, random);
            try
            {
                var machine = VmxMachine.Describe(VmxDocument.Parse(bytes, "m.vmx"), "m.vmx").Machine;
                Assert.All(machine.Disks, d => Assert.DoesNotContain('/', d.Image));
                Assert.DoesNotContain(machine.Name, char.IsControl);
            }
            catch (SourceException)
            {
                // The one documented exception.
            }
        }
    }

    private static DescribedMachine Describe(string text) =>
        VmxMachine.Describe(VmxDocument.Parse(Encoding.UTF8.GetBytes(text), "machine-file.vmx"), "machine-file.vmx");
}
