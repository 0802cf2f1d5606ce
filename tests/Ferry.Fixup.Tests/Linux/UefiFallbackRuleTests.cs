using Ferry.Contracts.Machines;
using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class UefiFallbackRuleTests
{
    private static readonly GuestInspection Guest = RuleRun.Guest with { Firmware = Firmware.Uefi, Architecture = "x86_64" };

    [Theory]
    [InlineData("debian/shimx64.efi debian/grubx64.efi debian/mmx64.efi debian/grub.cfg", "BOOTX64.EFI=debian/shimx64.efi grub.cfg=debian/grub.cfg grubx64.efi=debian/grubx64.efi mmx64.efi=debian/mmx64.efi")]
    [InlineData("debian/grubx64.efi debian/grub.cfg", "BOOTX64.EFI=debian/grubx64.efi grub.cfg=debian/grub.cfg")]
    [InlineData("opensuse/shim.efi opensuse/grub.efi opensuse/MokManager.efi", "BOOTX64.EFI=opensuse/shim.efi MokManager.efi=opensuse/MokManager.efi grub.efi=opensuse/grub.efi")]
    [InlineData("redhat/grub.efi redhat/grub.conf", "BOOTX64.EFI=redhat/grub.efi BOOTX64.conf=redhat/grub.conf")]
    [InlineData("aaa/grubx64.efi debian/GRUBX64.EFI", "BOOTX64.EFI=debian/GRUBX64.EFI")]
    public async Task Plan_NoFallback_IsCopied(string files, string expected)
    {
        var volume = Volume(files);
        await RuleRun.RunAsync(new UefiFallbackRule(), volume, guest: Guest);

        var names = await volume.ListAsync("/boot/efi/EFI/BOOT", TestContext.Current.CancellationToken);
        Assert.Equal(expected.Split(' '), names.Order(StringComparer.Ordinal).Select(n => $"{n}={volume.Text("/boot/efi/EFI/BOOT/" + n)}"));
    }

    [Theory]
    [InlineData("debian/shimx64.efi BOOT/BOOTX64.EFI")]
    [InlineData("debian/shimx64.efi Boot/bootx64.efi")]
    public async Task Plan_FallbackThere_Stays(string files) => Assert.False((await RuleRun.RunAsync(new UefiFallbackRule(), Volume(files), guest: Guest)).Applies);

    [Fact]
    public async Task Plan_NoLoader_IsAFinding() =>
        Assert.Equal("GUEST_NO_UEFI_LOADER", Assert.Single((await RuleRun.RunAsync(new UefiFallbackRule(), Volume("x/other.efi"), guest: Guest)).Findings).Id);

    [Fact]
    public async Task Plan_NoSpace_IsAFinding()
    {
        var volume = Volume("debian/shimx64.efi");
        volume.Free = 1000;

        Assert.Equal("GUEST_NO_SPACE", Assert.Single((await RuleRun.RunAsync(new UefiFallbackRule(), volume, guest: Guest)).Findings).Id);
    }

    [Fact]
    public void Handles_Bios_Not() => Assert.False(new UefiFallbackRule().Handles(Guest with { Firmware = Firmware.Bios }, new FixupTarget("hyperv", null, SampleGuest.Machine)));

    /// <summary>An EFI system partition whose files hold their own names.</summary>
    private static MemoryVolume Volume(string files) => files.Split(' ').Aggregate(new MemoryVolume(), (volume, file) => volume.File("/boot/efi/EFI/" + file, file));
}
