using System.Diagnostics;
using System.Text;
using Ferry.DiskImages.Tests.Qcow2;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Vhd;
using Ferry.DiskImages.Tests.Vhdx;
using Ferry.DiskImages.Tests.Vmdk;
using Xunit;

namespace Ferry.DiskImages.Tests;

/// <summary>
/// What images have done to programs that open them: named files that their owner may not see, and chains without an end. Every lure here is a file that could be read as what it is named for, so
/// that a name which is followed gives an image that opens.
/// </summary>
public sealed class PublishedVulnerabilitiesTests : IDisposable
{
    private const int MiB = 1 << 20;
    private const uint DataFileExtension = 0x44415441;
    private const uint BackingFormatExtension = 0xe2792aca;

    private readonly TestFolder _folder = new();
    private readonly string _vm;

    public PublishedVulnerabilitiesTests()
    {
        _vm = Directory.CreateDirectory(_folder["vm"]).FullName;
        Directory.CreateDirectory(In("sub"));
        foreach (var path in new[] { _folder["secret.bin"], In("sub/inner.bin"), In("plain.bin") })
        {
            File.WriteAllBytes(path, new byte[MiB]);
        }

        File.CreateSymbolicLink(In("link-out"), "/etc/passwd");
        File.CreateSymbolicLink(In("link-up"), "../secret.bin");
        File.CreateSymbolicLink(In("link-to-link"), "link-up");
        File.CreateSymbolicLink(In("link-to-device"), "/dev/zero");
        File.CreateSymbolicLink(In("link-to-itself"), "link-to-itself");
        File.CreateSymbolicLink(In("link-in"), "plain.bin");
        using var mkfifo = Process.Start("mkfifo", In("fifo"));
        mkfifo.WaitForExit();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>Names that lead out of the folder, to something that is no file, or to nowhere.</summary>
    public static TheoryData<string> Names() =>
    [
        "/etc/passwd", "../secret.bin", "..\\secret.bin", "./plain.bin", "sub/inner.bin", "C:\\secret.bin\\x", "\\\\server\\share\\secret.bin", "//server/share/secret.bin",
        "..", ".", "link-out", "link-up", "link-to-link", "link-to-device", "fifo", "sub",
    ];

    /// <summary>Names that QEMU takes for protocols and options.</summary>
    public static TheoryData<string> ProtocolNames() =>
    [
        "file:plain.bin", "nbd://127.0.0.1:10809/x", "nbd:127.0.0.1:10809", "nbd+unix:?socket=x", "nbd:unix:x", "fat:rw:x", "http:x", "ssh:x", "a\0b",
        """json:{"driver":"file","filename":"plain.bin"}""", "json:{}",
        """json:{"driver":"raw","file":{"driver":"host_device","filename":"\u002fdev\u002fsda"}}""",
        """json:{"driver":"qcow2","file":{"driver":"file","filename":"\u002e\u002e\u002fsecret.bin"}}""",
    ];

    /// <summary>CVE-2022-47951 (OpenStack): a VMDK descriptor names a file of the server as its flat extent, and a conversion hands it out.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    [InlineData("")]
    public async Task CVE_2022_47951_VmdkExtentElsewhere_IsRefusedWithItsLine(string name)
    {
        foreach (var (createType, kind) in new[]
        {
            ("monolithicFlat", "FLAT"), ("twoGbMaxExtentFlat", "FLAT"), ("vmfs", "VMFS"), ("vmfsThin", "VMFS"), ("vmfsEagerZeroedThick", "VMFS"), ("custom", "FLAT"), ("monolithicSparse", "SPARSE"),
            ("twoGbMaxExtentSparse", "SPARSE"), ("streamOptimized", "SPARSE"), ("vmfsSparse", "VMFSSPARSE"), ("seSparse", "SESPARSE"), ("unheardOf", "flat"),
        })
        {
            await WriteAsync("disk.vmdk", VmdkText.Descriptor(createType, $"RW 1 {kind} \"{name}\" 0"));

            var e = await RefusesAsync("disk.vmdk", DiskImageErrors.ForbiddenReference);

            Assert.Equal("disk.vmdk, line 9", e.File);
        }
    }

    /// <summary>The same by way of the descriptor that stands in a sparse file: its one extent is the file itself, whatever it calls it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task CVE_2022_47951_DescriptorInASparseFile_NamesNothing(string name)
    {
        await WriteAsync("disk.vmdk", Embedded($"RW 2048 FLAT \"{name}\" 0"));
        await RefusesAsync("disk.vmdk", DiskImageErrors.UnsupportedVariant);
        await WriteAsync("disk.vmdk", Embedded($"RW 2048 SPARSE \"{name}\"\nRW 1 FLAT \"{name}\" 0"));
        await RefusesAsync("disk.vmdk", DiskImageErrors.UnsupportedVariant);

        await WriteAsync("disk.vmdk", Embedded($"RW 2048 SPARSE \"{name}\""));
        await using var files = new RecordingFiles(_vm);
        await using var reader = await DiskImage.OpenAsync(files, "disk.vmdk", cancellationToken: Token);
        Assert.Equal(["disk.vmdk"], files.Names);

        static byte[] Embedded(string extents)
        {
            var file = new HostedFileBuilder(2048).Set(1, [1, 2, 3]).Build();
            file.AsSpan(512, 2048).Clear();
            Encoding.UTF8.GetBytes(VmdkText.Descriptor("monolithicFlat", extents), file.AsSpan(512));
            return file;
        }
    }

    /// <summary>The parent of a delta disk is no way either.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task CVE_2022_47951_VmdkParentElsewhere_IsRefused(string name)
    {
        await WriteAsync("child.vmdk", VmdkText.Descriptor("monolithicFlat", "RW 8 ZERO", "2", "1", name));

        var e = await RefusesAsync("child.vmdk", DiskImageErrors.ForbiddenReference);

        Assert.Contains("write the bare name into parentFileNameHint", e.Message, StringComparison.Ordinal);
    }

    /// <summary>CVE-2024-32498 (OpenStack): a QCOW2 names a file of the server as its data file, whose every byte is then the disk's. CVE-2024-4467 (QEMU): the name is a <c>json:</c> description.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    [MemberData(nameof(ProtocolNames))]
    public async Task CVE_2024_32498_And_CVE_2024_4467_Qcow2DataFileElsewhere_IsRefused(string name)
    {
        foreach (var isRaw in new[] { false, true })
        {
            await WriteAsync("a.qcow2", DataFile(name, isRaw));
            await RefusesAsync("a.qcow2", DiskImageErrors.ForbiddenReference);
        }
    }

    /// <summary>The lure is one: beside the image, and only there, the name is followed.</summary>
    [Theory]
    [InlineData("plain.bin")]
    [InlineData("link-in")]
    public async Task Qcow2DataFileAndVmdkExtent_BesideTheImage_AreRead(string name)
    {
        await WriteAsync("a.qcow2", DataFile(name, isRaw: true));
        await using var qcow2 = await Images.OpenAsync(In("a.qcow2"));
        Assert.Equal(["a.qcow2", name], qcow2.Info.Files);

        await WriteAsync("disk.vmdk", VmdkText.Descriptor("monolithicFlat", $"RW 1 FLAT \"{name}\" 0"));
        await using var vmdk = await Images.OpenAsync(In("disk.vmdk"));
        Assert.Equal(512, vmdk.Capacity);
    }

    /// <summary>Backing files: the older way to the same (CVE-2015-1850 and others), also in an image that is itself a backing file.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    [MemberData(nameof(ProtocolNames))]
    public async Task Qcow2BackingFileElsewhere_IsRefused(string name)
    {
        foreach (var format in new[] { "raw", "qcow2", "vmdk", null })
        {
            await WriteAsync("a.qcow2", Backed(name, format));
            await RefusesAsync("a.qcow2", DiskImageErrors.ForbiddenReference);
            await WriteAsync("top.qcow2", Backed("a.qcow2", "qcow2"));
            await RefusesAsync("top.qcow2", DiskImageErrors.ForbiddenReference);
        }
    }

    /// <summary>A VHD or VHDX speaks of paths on another machine: only the last part is looked for, and only beside the image.</summary>
    [Theory]
    [InlineData(@"..\secret")]
    [InlineData(@"C:\vm\..\secret")]
    [InlineData(@"\\server\share\secret")]
    [InlineData(@"\\?\UNC\server\share\secret")]
    [InlineData("../secret")]
    [InlineData("/etc/secret")]
    [InlineData("file:///etc/secret")]
    public async Task VhdAndVhdxParentByPath_IsLookedForBesideTheImageOnly(string path)
    {
        await WriteSecretParentsAsync(_folder.Path);
        foreach (var (code, header) in new[] { ("W2ru", ""), ("W2ku", ""), ("Wi2r", $"{path}.vhd") })
        {
            await WriteAsync("a.vhd", (Vhd with { Type = 4, ParentId = Vhd.Id, Id = Guid.Empty, ParentName = header, Locators = [(code, $"{path}.vhd")] }).Build());
            await RefusesAsync("a.vhd", DiskImageErrors.MissingFile, "secret.vhd");
        }

        foreach (var key in new[] { "relative_path", "absolute_win32_path", "volume_path" })
        {
            SaveVhdx("a.vhdx", key, $"{path}.vhdx");
            await RefusesAsync("a.vhdx", DiskImageErrors.MissingFile, "secret.vhdx");
        }

        // The lure is one.
        await WriteSecretParentsAsync(_vm);
        foreach (var name in new[] { "a.vhd", "a.vhdx" })
        {
            await (await Images.OpenAsync(In(name))).DisposeAsync();
        }
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("link-out")]
    [InlineData("link-up")]
    [InlineData("link-to-device")]
    [InlineData("fifo")]
    [InlineData("sub")]
    [InlineData("a\u0001b")]
    public async Task VhdAndVhdxParentThatIsNoFileBesideTheImage_IsRefused(string name)
    {
        foreach (var (code, folder) in new[] { ("W2ru", @".\"), ("W2ku", @"C:\") })
        {
            await WriteAsync("a.vhd", (Vhd with { Type = 4, ParentId = Vhd.Id, Locators = [(code, folder + name)] }).Build());
            await RefusesAsync("a.vhd", DiskImageErrors.ForbiddenReference);
        }

        SaveVhdx("a.vhdx", "relative_path", $@".\{name}");
        await RefusesAsync("a.vhdx", DiskImageErrors.ForbiddenReference);
    }

    [Fact]
    public async Task ImagesThatLeadToThemselves_End()
    {
        await WriteAsync("self.qcow2", Backed("self.qcow2", "qcow2"));
        await WriteAsync("raw.qcow2", Backed("raw.qcow2", "raw"));
        await WriteAsync("data.qcow2", DataFile("data.qcow2", isRaw: true));
        await WriteAsync("one.qcow2", Backed("two.qcow2", "qcow2"));
        await WriteAsync("two.qcow2", Backed("one.qcow2", null));
        await WriteAsync("alias.qcow2", Backed("alias-link.qcow2", "qcow2"));
        File.CreateSymbolicLink(In("alias-link.qcow2"), "alias.qcow2");
        await WriteAsync("self.vmdk", VmdkText.Descriptor("custom", "RW 8 ZERO", "1", "1", "self.vmdk"));
        await WriteAsync("one.vmdk", VmdkText.Descriptor("custom", "RW 8 ZERO", "1", "1", "two.vmdk"));
        await WriteAsync("two.vmdk", VmdkText.Descriptor("custom", "RW 8 ZERO", "1", "1", "three.vmdk"));
        await WriteAsync("three.vmdk", VmdkText.Descriptor("custom", "RW 8 ZERO", "1", "1", "one.vmdk"));
        await WriteAsync("self.vhd", (Vhd with { Type = 4, ParentId = Vhd.Id, Locators = [("W2ru", @".\self.vhd")] }).Build());
        await WriteAsync("one.vhd", (Vhd with { Type = 4, ParentId = Vhd.Id, Locators = [("W2ru", "two.vhd")] }).Build());
        await WriteAsync("two.vhd", (Vhd with { Type = 4, ParentId = Vhd.Id, Locators = [("W2ru", "one.vhd")] }).Build());
        SaveVhdx("self.vhdx", "relative_path", "self.vhdx");
        foreach (var name in new[]
        {
            "self.qcow2", "raw.qcow2", "data.qcow2", "one.qcow2", "alias.qcow2", "self.vmdk", "one.vmdk", "self.vhd", "one.vhd", "self.vhdx",
        })
        {
            await RefusesAsync(name, DiskImageErrors.Corrupt);
        }

        // As extents: a descriptor is no extent of any kind but a flat one, which it may be.
        await WriteAsync("extent.vmdk", VmdkText.Descriptor("custom", "RW 1 SPARSE \"extent.vmdk\""));
        await RefusesAsync("extent.vmdk", DiskImageErrors.Truncated);
        await RefusesAsync("link-to-itself", DiskImageErrors.MissingFile);
    }

    private static readonly VhdBuilder Vhd = new() { Content = [.. Enumerable.Repeat((byte)7, 8192)] };

    private static readonly Guid VhdxContent = new("11112222-3333-4444-5555-666677778888");

    private static byte[] DataFile(string name, bool isRaw) => new HandmadeQcow2 { Incompatible = 4, Autoclear = isRaw ? 2u : 0u }.With(DataFileExtension, name).ToBytes();

    private static byte[] Backed(string name, string? format)
    {
        var image = new HandmadeQcow2 { Backing = name };
        return (format is null ? image : image.With(BackingFormatExtension, format)).ToBytes();
    }

    private string In(string name) => Path.Combine(_vm, name);

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(In(name), text, Token);

    private Task WriteAsync(string name, byte[] bytes) => File.WriteAllBytesAsync(In(name), bytes, Token);

    private void SaveVhdx(string name, string key, string path)
    {
        var child = new VhdxFileBuilder { Capacity = 4 * MiB, Parent = new Dictionary<string, string> { ["parent_linkage"] = VhdxContent.ToString("B"), [key] = path } };
        child.Save(In(name), child.PayloadOffset);
    }

    private static async Task WriteSecretParentsAsync(string folder)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, "secret.vhd"), Vhd.Build(), Token);
        var parent = new VhdxFileBuilder { Capacity = 4 * MiB, DataWriteId = VhdxContent };
        parent.Save(Path.Combine(folder, "secret.vhdx"), parent.PayloadOffset);
    }

    /// <summary>The image is refused at once, and nothing but itself, its own chain, and the name given was asked for.</summary>
    private async Task<DiskImageException> RefusesAsync(string image, string code, string? asked = null)
    {
        await using var files = new RecordingFiles(_vm);
        var started = Stopwatch.GetTimestamp();
        var e = await Images.FailsAsync(code, async () => await DiskImage.OpenAsync(files, image, cancellationToken: Token));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
        Assert.True(asked is null || files.Names.Contains(asked), $"{asked} was not looked for, but {string.Join(", ", files.Names)}");
        return e;
    }
}
