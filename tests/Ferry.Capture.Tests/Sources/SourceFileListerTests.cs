using System.Security.Cryptography;
using Ferry.Capture.Sources;
using Ferry.Contracts.Library;
using Ferry.DiskImages;

namespace Ferry.Capture.Tests.Sources;

public sealed class SourceFileListerTests : IDisposable
{
    private readonly SourceFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Vmx_WithSnapshotChain_ListsEveryImageBelow_AndWhatBelongsToTheMachine()
    {
        fixture.WriteDisk();
        fixture.WriteChild("disk-000001.vmdk", "disk.vmdk");
        var vmx = fixture.WriteVmx("disk-000001.vmdk", "nvram = \"other.nvram\"\n");
        fixture.Write("other.nvram", "nvram");
        fixture.Write("vm.vmsd", "");
        fixture.Write("vm.nvram", "of another machine");
        fixture.Write("vm.log", "not needed");

        var files = await ListAsync(vmx);
        Assert.Equal("vm.vmx", files[0].Name);
        Assert.Equal(
            ["disk-000001-delta.vmdk", "disk-000001.vmdk", "disk-flat.vmdk", "disk.vmdk", "other.nvram", "vm.vmsd", "vm.vmx"],
            files.Select(file => file.Name).Order(StringComparer.Ordinal));
        var flat = files.Single(file => file.Name == "disk-flat.vmdk");
        Assert.Equal((4 << 20, Path.Combine(fixture.Root, "disk-flat.vmdk")), (flat.Size, flat.Location));
        Assert.NotNull(flat.Inode);
    }

    [Fact]
    public async Task Ovf_ListsItsDigests_AnOvaIsOneFile()
    {
        fixture.WriteDisk();
        var ovf = fixture.Write("vm.ovf", OvfText.Machine(capacity: "4"));
        fixture.Write("vm.mf", $"SHA256(vm.ovf)= {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(ovf)))}\n");
        Assert.Equal(["disk-flat.vmdk", "disk.vmdk", "vm.mf", "vm.ovf"], (await ListAsync(ovf)).Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("../disk.vmdk", "", null, SourceErrors.ForbiddenReference)]
    [InlineData("disk.vmdk", "nvram = \"../../etc/passwd\"\n", null, SourceErrors.ForbiddenReference)]
    [InlineData("disk.vmdk", "", "/etc/passwd", DiskImageErrors.ForbiddenReference)]
    [InlineData("disk.vmdk", "", "..", DiskImageErrors.ForbiddenReference)]
    public async Task ReferenceElsewhere_IsRefused(string disk, string more, string? extent, string code)
    {
        fixture.WriteDisk(extent: extent);
        var vmx = fixture.WriteVmx(disk, more);
        Assert.Equal(code, (await Assert.ThrowsAsync<SourceException>(() => ListAsync(vmx))).Failure.Code);
    }

    [Fact]
    public async Task LinkOutOfTheFolder_IsRefused()
    {
        fixture.WriteDisk();
        var vmx = fixture.WriteVmx();
        File.Delete(Path.Combine(fixture.Root, "disk-flat.vmdk"));
        File.CreateSymbolicLink(Path.Combine(fixture.Root, "disk-flat.vmdk"), "/etc/passwd");
        Assert.Equal(DiskImageErrors.ForbiddenReference, (await Assert.ThrowsAsync<SourceException>(() => ListAsync(vmx))).Failure.Code);
    }

    private Task<IReadOnlyList<SourceFile>> ListAsync(string source) => fixture.Lister.ListAsync(source, null, null, TestContext.Current.CancellationToken);
}
