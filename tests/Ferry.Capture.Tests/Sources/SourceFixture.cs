using System.Buffers.Binary;
using System.Formats.Tar;
using System.Globalization;
using Ferry.Capture.Sources;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Microsoft.Extensions.Options;

namespace Ferry.Capture.Tests.Sources;

/// <summary>A folder with sources, and the classes that read them.</summary>
internal sealed class SourceFixture : IDisposable
{
    private readonly HttpClient _client;
    private readonly FolderChunkStore _chunks;

    public SourceFixture(SourcesOptions? sources = null, CaptureOptions? capture = null)
    {
        var options = sources ?? new SourcesOptions();
        _client = SourceClient.Create(options);
        _chunks = new FolderChunkStore(Path.Combine(Root, "store"));
        Manifests = new ManifestStore(_chunks);
        var guard = new SourceGuard(Options.Create(options));
        Selector = new SourceSelector(guard, _client);
        Lister = new SourceFileLister(guard, Options.Create(options));
        Capturer = new SourceCapturer(Selector, Manifests, Options.Create(capture ?? new CaptureOptions()));
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("ferry-capture-").FullName;

    public ManifestStore Manifests { get; }

    public SourceSelector Selector { get; }

    public SourceCapturer Capturer { get; }

    public SourceFileLister Lister { get; }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Root, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A flat VMDK of 4 MiB: the first and the third MiB hold data.</summary>
    public void WriteDisk(string name = "disk.vmdk", string? extent = null)
    {
        var flat = SourceText.BaseName(name) + "-flat.vmdk";
        Write(name, string.Create(CultureInfo.InvariantCulture, $"""
            # Disk DescriptorFile
            version=1
            CID=12345678
            parentCID=ffffffff
            createType="monolithicFlat"
            RW 8192 FLAT "{extent ?? flat}" 0
            ddb.adapterType = "lsilogic"

            """));
        using var file = File.Create(Path.Combine(Root, flat));
        file.SetLength(4 << 20);
        file.Write(Enumerable.Repeat((byte)7, 1 << 20).ToArray());
        file.Position = 2 << 20;
        file.Write(Enumerable.Repeat((byte)9, 1 << 20).ToArray());
    }

    /// <summary>A delta disk of 4 MiB as ESXi makes it (COWD, grains of one sector), whose last sector holds the byte 3.</summary>
    public void WriteChild(string name, string parent, string parentCid = "12345678")
    {
        const int Sectors = 8192;
        var delta = SourceText.BaseName(name) + "-delta.vmdk";
        Write(name, string.Create(CultureInfo.InvariantCulture, $"""
            # Disk DescriptorFile
            version=1
            CID=12345678
            parentCID={parentCid}
            createType="vmfsSparse"
            parentFileNameHint="{parent}"
            RW {Sectors} VMFSSPARSE "{delta}"

            """));

        // Header in sectors 0 to 3, grain directory in 4, the table of the second half of the disk in 5 to 36, the grain behind it.
        var bytes = new byte[38 * 512];
        "COWD"u8.CopyTo(bytes);
        foreach (var (offset, value) in new[] { (4, 1), (8, 3), (12, Sectors), (16, 1), (20, 4), (24, 2), (28, 38), (2048 + 4, 5), ((5 * 512) + (4095 * 4), 37) })
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value);
        }

        bytes.AsSpan(37 * 512).Fill(3);
        File.WriteAllBytes(Path.Combine(Root, delta), bytes);
    }

    public string WriteVmx(string disk = "disk.vmdk", string more = "") => Write(
        "vm.vmx", $"config.version = \"8\"\ndisplayName = \"The VM\"\nmemsize = \"512\"\nscsi0:0.present = \"TRUE\"\nscsi0:0.fileName = \"{disk}\"\n{more}");

    public string WriteOva(string name, params string[] members)
    {
        var path = Path.Combine(Root, name);
        using var tar = new TarWriter(File.Create(path), TarEntryFormat.Ustar);
        foreach (var member in members)
        {
            tar.WriteEntry(Path.Combine(Root, member), member);
        }

        return path;
    }

    public void Dispose()
    {
        _client.Dispose();
        _chunks.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}
