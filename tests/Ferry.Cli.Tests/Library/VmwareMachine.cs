using System.Globalization;

namespace Ferry.Cli.Tests.Library;

/// <summary>Writes a VMware machine whose disk is a descriptor and several flat extents.</summary>
internal static class VmwareMachine
{
    public const int Extents = 3;
    public const int ExtentBytes = 2 << 20;

    /// <summary>The files of the machine, in the order of their names.</summary>
    public static readonly string[] Files = ["web01-f001.vmdk", "web01-f002.vmdk", "web01-f003.vmdk", "web01.nvram", "web01.vmdk", "web01.vmsd", "web01.vmx"];

    public static void Write(string folder, string disk = "web01.vmdk", string nvram = "web01.nvram", string? firstExtent = null)
    {
        Directory.CreateDirectory(folder);
        var names = Enumerable.Range(1, Extents).Select(i => string.Create(CultureInfo.InvariantCulture, $"web01-f{i:000}.vmdk")).ToArray();
        var random = new Random(5);
        foreach (var name in names)
        {
            var bytes = new byte[ExtentBytes];
            random.NextBytes(bytes.AsSpan(0, ExtentBytes / 2));
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }

        File.WriteAllBytes(Path.Combine(folder, "web01.nvram"), [1, 2, 3]);
        File.WriteAllBytes(Path.Combine(folder, "web01.vmsd"), []);
        File.WriteAllText(Path.Combine(folder, "web01.vmx"), $"""
            .encoding = "UTF-8"
            displayName = "web01"
            memsize = "64"
            nvram = "{nvram}"
            scsi0.present = "TRUE"
            scsi0:0.present = "TRUE"
            scsi0:0.fileName = "{disk}"

            """);
        var lines = names.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"RW {ExtentBytes / 512} FLAT \"{(i == 0 ? firstExtent ?? name : name)}\" 0"));
        File.WriteAllText(Path.Combine(folder, "web01.vmdk"), $"""
            # Disk DescriptorFile
            version=1
            CID=12345678
            parentCID=ffffffff
            createType="twoGbMaxExtentFlat"
            {string.Join('\n', lines)}
            ddb.adapterType = "lsilogic"

            """);
    }
}
