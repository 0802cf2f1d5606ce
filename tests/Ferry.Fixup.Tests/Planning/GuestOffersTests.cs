using Ferry.Fixup.Appliance;
using Ferry.Fixup.Planning;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Library;
using Microsoft.Extensions.Options;

namespace Ferry.Fixup.Tests.Planning;

public sealed class GuestOffersTests : IDisposable
{
    private readonly string _library = Directory.CreateTempSubdirectory("ferry-offers-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_library, recursive: true);

    [Fact]
    public async Task Scripts_AreReadFromTheLibrary_InTheOrderOfTheRequest()
    {
        Write(".first-boot/b.sh", "#!/bin/sh\n");
        Write(".first-boot/a.sh", "#!/bin/sh\nexit 1\n");

        var scripts = await Offers().ReadScriptsAsync(["b.sh", "a.sh"], Token);

        Assert.Equal(["b.sh", "a.sh"], scripts.Select(script => script.Name));
        Assert.Equal("#!/bin/sh\n"u8.ToArray(), scripts[0].Content.ToArray());
    }

    [Theory]
    [InlineData("missing.sh", "FIRST_BOOT_MISSING")]
    [InlineData("../secret", "FIRST_BOOT_INVALID")]
    [InlineData("..", "FIRST_BOOT_INVALID")]
    [InlineData("/etc/shadow", "FIRST_BOOT_INVALID")]
    [InlineData("large.sh", "FIRST_BOOT_INVALID")]
    public async Task Script_ThatMayNotBeRead_IsRefused(string name, string code)
    {
        Write("secret", "secret");
        Write(".first-boot/large.sh", new string('x', GuestOffers.MaximumScript + 1));

        var thrown = await Assert.ThrowsAsync<JobFailedException>(() => Offers().ReadScriptsAsync([name], Token));

        Assert.Equal(code, thrown.Failure.Code);
    }

    [Fact]
    public async Task Path_IsReadWhereItIsAllowed()
    {
        Write("anywhere.sh", "#!/bin/sh\n");

        var script = Assert.Single(await Offers(allowPaths: true).ReadScriptsAsync([Path.Combine(_library, "anywhere.sh")], Token));

        Assert.Equal("anywhere.sh", script.Name);
    }

    [Fact]
    public void Fingerprint_ChangesWithWhatIsOfferedForThePlatform()
    {
        var offers = Offers();
        var before = offers.Fingerprint("kvm");
        Write("packages/hyperv/debian-12/hyperv-daemons.deb", "x");
        Assert.Equal(before, offers.Fingerprint("kvm"));

        Write("packages/kvm/debian-12/agent.deb", "x");
        var packages = offers.Fingerprint("kvm");
        Assert.NotEqual(before, packages);

        Write(".virtio-win/viostor/viostor.sys", "x");
        Assert.NotEqual(packages, offers.Fingerprint("kvm"));
    }

    private GuestOffers Offers(bool allowPaths = false) => new(
        Options.Create(new FirstBootOptions { AllowPaths = allowPaths }), Options.Create(new ApplianceOptions { PackageFolder = Path.Combine(_library, "packages") }),
        Options.Create(new LibraryOptions { Folder = _library }));

    private void Write(string name, string text)
    {
        var path = Path.Combine(_library, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
