using Ferry.Fixup.Inspection;
using Ferry.Fixup.Tests.Volumes;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Inspection;

public sealed class LinuxInspectorTests
{
    [Theory]
    [InlineData("/boot/grub/grub.cfg", "linux /boot/vmlinuz-6.1 root=x", "initrd.img-6.1", "grub2")]
    [InlineData("/boot/grub2/grub.cfg", "linux16 /vmlinuz-6.1 root=x", "initramfs-6.1.img", "grub2")]
    [InlineData("/boot/grub2/grub.cfg", "linux /boot/vmlinuz-6.1 root=x", "initrd-6.1", "grub2")]
    [InlineData("/boot/efi/EFI/redhat/grub.cfg", "linuxefi /vmlinuz-6.1 root=x", "initramfs-6.1.img", "grub2")]
    [InlineData("/boot/grub/grub.conf", "kernel /vmlinuz-6.1 ro root=x", "initramfs-6.1.img", "grub1")]
    [InlineData("/boot/grub/menu.lst", "kernel /vmlinuz-6.1\n", "initrd-6.1", "grub1")]
    public async Task Inspect_BootLoaderAndKernel_AreFound(string file, string text, string initrd, string loader)
    {
        var guest = await InspectAsync(new MemoryVolume().File(file, text), initrd);

        Assert.Equal(loader, guest.BootLoader);
        Assert.Equal(("6.1", "/boot/" + initrd, true), guest.Kernels.Select(k => (k.Version, k.Initrd, k.Started)).Single());
    }

    [Fact]
    public async Task Inspect_BootLoaderSpecification_TellsWhichKernelStarts()
    {
        var volume = new MemoryVolume().File("/boot/grub2/grub.cfg", "blscfg\n").File("/boot/loader/entries/x-6.1.conf", "title X\nlinux /vmlinuz-6.1\n");

        Assert.True(Assert.Single((await InspectAsync(volume, "initramfs-6.1.img")).Kernels).Started);
    }

    [Fact]
    public async Task Inspect_KernelWithALongerName_IsNotTakenForIt() =>
        Assert.False(Assert.Single((await InspectAsync(new MemoryVolume().File("/boot/grub/grub.cfg", "linux /vmlinuz-6.1.2 root=x"), "initrd.img-6.1")).Kernels).Started);

    private static Task<GuestInspection> InspectAsync(MemoryVolume volume, string initrd) =>
        new LinuxInspector(new GuestTree(volume.File("/lib/modules/6.1/modules.dep", "").File("/boot/vmlinuz-6.1", "").File("/boot/" + initrd, ""))).InspectAsync(TestContext.Current.CancellationToken);
}
