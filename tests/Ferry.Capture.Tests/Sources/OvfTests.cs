using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Ferry.Capture.Sources;
using Ferry.Capture.Sources.Ovf;
using Ferry.Contracts.Machines;

namespace Ferry.Capture.Tests.Sources;

public sealed class OvfTests
{
    [Fact]
    public void Machine_WithAll_IsDescribed()
    {
        var result = Describe(OvfText.Machine(
            extra: """
                <vmw:Config vmw:key="firmware" vmw:value="efi"/>
                <vmw:Config vmw:key="bootOptions.efiSecureBootEnabled" vmw:value="true"/>
                """));
        var machine = result.Machine;
        Assert.Equal(("The VM", 2, 3072, Firmware.Uefi, true), (machine.Name, machine.Processors, machine.MemoryMiB, machine.Firmware, machine.SecureBoot));
        Assert.Equal([("sata", 1, 4, "disk.vmdk", 10L << 20)], machine.Disks.Select(d => (d.Bus, d.Controller, d.Unit, d.Image, d.Capacity)));
        Assert.Equal([("005056AABBCC", "net", "vmxnet3", true)], machine.Nics.Select(n => (n.MacAddress!, n.Network!, n.Model!, n.Connected)));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("sub/disk.vmdk")]
    [InlineData("a\\b")]
    public void Href_ThatIsNotBeside_IsRefused(string href) =>
        Assert.Equal(SourceErrors.ForbiddenReference, Fails(OvfText.Machine(href: href)).Code);

    [Fact]
    public void Xxe_IsRefused()
    {
        var failure = Fails("<!DOCTYPE Envelope [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + OvfText.Machine(name: "&x;"));
        Assert.Equal(SourceErrors.OvfInvalid, failure.Code);
        Assert.DoesNotContain("root:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BillionLaughs_AreRefusedAtOnce()
    {
        var watch = Stopwatch.StartNew();
        var text = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>" + OvfText.Machine(name: "&b;");
        Assert.Equal(SourceErrors.OvfInvalid, Fails(text).Code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void TooLargeTooManyTooDeep_AreRefused()
    {
        Assert.Equal(SourceErrors.OvfInvalid, Fails(OvfText.Machine(name: new string('x', 5 << 20))).Code);
        Assert.Equal(SourceErrors.OvfInvalid, Fails(OvfText.Machine(extra: string.Concat(Enumerable.Repeat("<a/>", 300_000)))).Code);
        Assert.Equal(SourceErrors.OvfInvalid, Fails(string.Concat(Enumerable.Repeat("<a>", 100_000))).Code);
    }

    [Theory]
    [InlineData("<a/>")]
    [InlineData("<Envelope/>")]
    [InlineData("not xml")]
    [InlineData("")]
    [InlineData("<Envelope xmlns=\"http://schemas.dmtf.org/ovf/envelope/1\"/>")]
    public void SomethingElse_IsRefused(string text) => Assert.Equal(SourceErrors.OvfInvalid, Fails(text).Code);

    [Theory]
    [InlineData("byte * 2^20", "2048", 2048)]
    [InlineData("byte*2^30", "1", 1024)]
    [InlineData("byte * 2 ^ 30", "2", 2048)]
    [InlineData("MegaBytes", "384", 384)]
    [InlineData("byte", "1073741824", 1024)]
    [InlineData("byte * 10^9", "1", 954)]
    [InlineData("", "512", 512)]
    [InlineData("", "536870912", 512)]
    public void Memory_InAnyUnit(string unit, string quantity, int mib) =>
        Assert.Equal(mib, Describe(OvfText.Machine(memory: quantity, memoryUnit: unit)).Machine.MemoryMiB);

    [Theory]
    [InlineData("byte * 2^90", "1")]
    [InlineData("hertz * 10^6", "1024")]
    [InlineData("byte * 2^20", "-5")]
    [InlineData("byte * 2^50", "999999999999")]
    [InlineData("byte", "1")]
    public void Memory_ThatMakesNoSense_IsRefused(string unit, string quantity) =>
        Assert.Equal(SourceErrors.OvfInvalid, Fails(OvfText.Machine(memory: quantity, memoryUnit: unit)).Code);

    [Theory]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    [InlineData("SHA512")]
    public void Digest_IsCompared(string algorithm)
    {
        var content = "content"u8.ToArray();
#pragma warning disable CA5350 // Old packages have SHA-1 digests.
        var hash = algorithm switch { "SHA1" => SHA1.HashData(content), "SHA256" => SHA256.HashData(content), _ => SHA512.HashData(content) };
#pragma warning restore CA5350
        var digests = OvfDigests.Parse(Encoding.ASCII.GetBytes($"{algorithm}(a b.ovf)= {Convert.ToHexStringLower(hash)}\r\n\r\n"), "a.mf");
        digests.Verify("a b.ovf", content);
        digests.Verify("other", content);
        var e = Assert.Throws<SourceException>(() => digests.Verify("a b.ovf", "changed"u8));
        Assert.Equal(SourceErrors.OvfDigestMismatch, e.Failure.Code);
    }

    [Theory]
    [InlineData("SHA256(a)= 1234")]
    [InlineData("MD5(a)= 0123456789abcdef0123456789abcdef")]
    [InlineData("garbage")]
    [InlineData("SHA1(a)= 0123456789012345678901234567890123456789\nSHA1(a)= 0123456789012345678901234567890123456789")]
    public void DigestFile_ThatIsDamaged_IsRefused(string text) =>
        Assert.Equal(SourceErrors.OvfManifestInvalid, Assert.Throws<SourceException>(() => OvfDigests.Parse(Encoding.ASCII.GetBytes(text), "a.mf")).Failure.Code);

    [Fact]
    public void Fuzz_OnlyEverGivesAMachineOrTheOneException()
    {
        var random = new Random(77);
        var seed = Encoding.UTF8.GetBytes(OvfText.Machine());
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = Fuzz.Mutate(seed, random);
            try
            {
                Assert.All(OvfMachine.Describe(bytes, "m.ovf").Machine.Disks, d => Assert.DoesNotContain('/', d.Image));
            }
            catch (SourceException)
            {
                // The one documented exception.
            }
        }
    }

    private static DescribedMachine Describe(string text) => OvfMachine.Describe(Encoding.UTF8.GetBytes(text), "m.ovf");

    private static Contracts.Failure Fails(string text) => Assert.Throws<SourceException>(() => Describe(text)).Failure;
}
