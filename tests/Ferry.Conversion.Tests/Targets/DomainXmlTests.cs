using System.Diagnostics;
using System.Text;
using System.Xml.Linq;
using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Conversion.Targets;
using Ferry.Conversion.Targets.Kvm;
using Ferry.Testing;

namespace Ferry.Conversion.Tests.Targets;

public sealed class DomainXmlTests
{
    private const string Hostile = "a</name>\"'&<!--]]>\u0000\u001b\n\ud800日本\ufffe/../x";

    [Fact]
    public void Bios_Linux_IsExactlyThis() => Assert.Equal(
        """
        <domain type="kvm">
          <name>web</name>
          <uuid>6f1d2c3b-0000-4000-8000-000000000001</uuid>
          <memory unit="MiB">2047</memory>
          <vcpu>2</vcpu>
          <os>
            <type arch="x86_64" machine="q35">hvm</type>
          </os>
          <features>
            <acpi />
            <apic />
          </features>
          <cpu mode="host-model" />
          <clock offset="utc">
            <timer name="rtc" tickpolicy="catchup" />
            <timer name="pit" tickpolicy="delay" />
            <timer name="hpet" present="no" />
          </clock>
          <on_poweroff>destroy</on_poweroff>
          <on_reboot>restart</on_reboot>
          <on_crash>destroy</on_crash>
          <devices>
            <disk type="file" device="disk">
              <driver name="qemu" type="qcow2" discard="unmap" />
              <source file="/vms/web-disk0.qcow2" />
              <target dev="vda" bus="virtio" />
              <boot order="1" />
            </disk>
            <disk type="file" device="disk">
              <driver name="qemu" type="qcow2" discard="unmap" />
              <source file="/vms/web-disk1.qcow2" />
              <target dev="vdb" bus="virtio" />
            </disk>
            <interface type="network">
              <mac address="00:50:56:00:00:00" />
              <source network="default" />
              <model type="virtio" />
            </interface>
            <interface type="network">
              <mac address="00:50:56:00:00:01" />
              <source network="default" />
              <model type="virtio" />
              <link state="down" />
            </interface>
            <serial type="pty" />
            <console type="pty">
              <target type="serial" />
            </console>
            <channel type="unix">
              <target type="virtio" name="org.qemu.guest_agent.0" />
            </channel>
            <input type="tablet" bus="usb" />
            <graphics type="vnc" autoport="yes" listen="127.0.0.1" />
            <video>
              <model type="vga" />
            </video>
            <memballoon model="virtio" />
            <rng model="virtio">
              <backend model="random">/dev/urandom</backend>
            </rng>
          </devices>
        </domain>

        """,
        Text(Machines.Of(disks: 2, nics: 2), guest: "linux"));

    [Theory]
    [InlineData(false, "no")]
    [InlineData(true, "yes")]
    public void Uefi_ChoosesItsFirmwareByFeatures(bool secureBoot, string enabled)
    {
        var domain = XElement.Parse(Text(Machines.Of(Firmware.Uefi, secureBoot: secureBoot)));
        var os = domain.Element("os")!;
        Assert.Equal("efi", os.Attribute("firmware")?.Value);
        Assert.Equal(
            [("enrolled-keys", enabled), ("secure-boot", enabled)],
            os.Element("firmware")!.Elements("feature").Select(f => (f.Attribute("name")!.Value, f.Attribute("enabled")!.Value)));
        Assert.Equal(secureBoot, domain.Element("features")!.Element("smm") is not null);
        Assert.Equal(secureBoot ? "yes" : null, os.Element("loader")?.Attribute("secure")?.Value);
    }

    [Theory]
    [InlineData(null, "", "sata", "sda", "e1000e", "utc")]
    [InlineData("linux", "", "virtio", "vda", "virtio", "utc")]
    [InlineData("windows", "", "sata", "sda", "e1000e", "localtime")]
    [InlineData("windows", "viostor.sys netkvm.sys", "virtio", "vda", "virtio", "localtime")]
    [InlineData("windows", "VIOSCSI.sys", "scsi", "sda", "e1000e", "localtime")]
    public void Devices_AreThoseThatTheFixupLeftDriversFor(string? guest, string drivers, string bus, string device, string nic, string clock)
    {
        var text = Text(Machines.Of(guest: null), guest, drivers.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var domain = XElement.Parse(text);
        var target = domain.Descendants("disk").Single().Element("target")!;
        Assert.Equal((bus, device), (target.Attribute("bus")!.Value, target.Attribute("dev")!.Value));
        Assert.Equal(nic, domain.Descendants("interface").Single().Element("model")!.Attribute("type")!.Value);
        Assert.Equal(clock, domain.Element("clock")!.Attribute("offset")!.Value);
        Assert.Equal(bus == "scsi" ? "virtio-scsi" : null, domain.Descendants("controller").SingleOrDefault()?.Attribute("model")?.Value);
    }

    [Fact]
    public void Disks_BeyondTheAlphabet_AreNamedAsTheKernelDoes()
    {
        var names = XElement.Parse(Text(Machines.Of(disks: 60), "linux")).Descendants("disk").Select(d => d.Element("target")!.Attribute("dev")!.Value).ToList();
        Assert.Equal(("vdz", "vdaa", "vdaz", "vdba"), (names[25], names[26], names[51], names[52]));
    }

    [Fact]
    public void HostileNames_AreTextAndNothingElse()
    {
        var machine = Machines.Of(name: Hostile, network: Hostile, guest: Hostile);
        var domain = XElement.Parse(Text(machine));
        Assert.Equal("a<_name>\"'&<!--]]>____日本__.._x", domain.Element("name")!.Value);
        Assert.Equal("a</name>\"'&<!--]]>____日本_/../x", domain.Element("title")!.Value);
        Assert.StartsWith("/vms/", domain.Descendants("source").First().Attribute("file")!.Value, StringComparison.Ordinal);
        Assert.Equal(XElement.Parse(Text(Machines.Of())).Descendants().Count() + 1, domain.Descendants().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("..")]
    [InlineData(" \n ")]
    public void Name_IsNeverEmptyOrAPath(string name) => Assert.DoesNotContain(XElement.Parse(Text(Machines.Of(name: name))).Element("name")!.Value, (string[])["", ".", "..", "/"]);

    [Fact]
    public void Mac_ThatIsNone_IsLeftToLibvirt()
    {
        var machine = Machines.Of();
        machine = machine with { Nics = [machine.Nics[0] with { MacAddress = null }, machine.Nics[0] with { MacAddress = "<x/>" }] };
        Assert.Empty(XElement.Parse(Text(machine)).Descendants("mac"));
    }

    [Fact]
    public void Folder_ThatXmlCannotHold_IsRefused() => Assert.Equal(
        TargetErrors.LimitExceeded,
        Assert.Throws<TargetException>(() => new KvmTarget().Create(Machines.Publish(Machines.Of(), "kvm"), "/a\u0001b")).Failure.Code);

    [Fact]
    public void Preflight_RefusesMoreDevicesThanPorts()
    {
        Assert.DoesNotContain(new KvmTarget().Preflight(Machines.Of(disks: 199), null), finding => finding.Severity == FindingSeverity.Error);
        Assert.Contains(new KvmTarget().Preflight(Machines.Of(disks: 200), null), finding => finding.Id == TargetErrors.LimitExceeded);
        Assert.Contains(new KvmTarget().Preflight(Machines.Of(Firmware.Uefi, secureBoot: true), null), finding => finding.Id == "KVM_SECURE_BOOT");
    }

    /// <summary>libvirt's own schema is the oracle.</summary>
    [Theory]
    [InlineData(Firmware.Bios, false, "web", null, "")]
    [InlineData(Firmware.Bios, false, Hostile, "linux", "")]
    [InlineData(Firmware.Uefi, false, "web", "linux", "")]
    [InlineData(Firmware.Uefi, true, "web", "windows", "viostor.sys netkvm.sys")]
    [InlineData(Firmware.Uefi, true, "..", "windows", "vioscsi.sys")]
    public async Task Xml_FitsLibvirtsSchema(Firmware firmware, bool secureBoot, string name, string? guest, string drivers)
    {
        const string Program = "/usr/bin/virt-xml-validate";
        Assert.SkipUnless(File.Exists(Program) && File.Exists("/usr/bin/xmllint"), "virt-xml-validate is not installed (apt-get install libvirt-clients libxml2-utils).");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder.At("domain.xml"), Text(Machines.Of(firmware, 30, 4, name, secureBoot), guest, drivers.Split(' ', StringSplitOptions.RemoveEmptyEntries)), TestContext.Current.CancellationToken);
        using var process = Process.Start(new ProcessStartInfo(Program, [folder.At("domain.xml"), "domain"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + error);
    }

    private static string Text(MachineDescription machine, string? guest = null, params string[] drivers)
    {
        var file = Assert.Single(new KvmTarget().Create(Machines.Publish(machine, "kvm", guest, drivers), "/vms"));
        Assert.Equal("domain.xml", file.Name);
        Assert.Equal(file.Content.ToArray(), new KvmTarget().Create(Machines.Publish(machine, "kvm", guest, drivers), "/vms")[0].Content.ToArray());
        return Encoding.UTF8.GetString(file.Content.Span);
    }
}
