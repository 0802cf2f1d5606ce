using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ferry.Deployment.Tests;

/// <summary>Ferry.DiskImages as others get it: a package that says what it is, needs no other, and does what its README says.</summary>
public sealed partial class DiskImagesPackageTests(PackedDiskImages packed) : IClassFixture<PackedDiskImages>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Package_SaysWhatItIs_HasDocumentationAndSymbols_AndNeedsNoOther()
    {
        await using var package = await ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(packed.Packages, "*.nupkg")), Token);
        var metadata = XDocument.Parse(await ReadAsync(package, "Ferry.DiskImages.nuspec")).Root!.Elements().Single();
        Assert.Equal("Ferry.DiskImages", Value("id"));
        Assert.Equal(XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("Version").Single().Value, Value("version"));
        Assert.Equal("Apache-2.0", Value("license"));
        Assert.Equal("expression", Element("license").Attribute("type")!.Value);
        Assert.Equal("README.md", Value("readme"));
        Assert.NotEmpty(Value("description"));
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
        Assert.Equal(Repository.Read("libs", "Ferry.DiskImages", "README.md"), await ReadAsync(package, "README.md"));
        Assert.Contains("M:Ferry.DiskImages.DiskImage.OpenAsync(", await ReadAsync(package, "lib/net10.0/Ferry.DiskImages.xml"), StringComparison.Ordinal);
        Assert.Equal(["Ferry.DiskImages.dll", "Ferry.DiskImages.xml"], Library(package));

        await using var symbols = await ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(packed.Packages, "*.snupkg")), Token);
        Assert.Equal(["Ferry.DiskImages.pdb"], Library(symbols));

        XElement Element(string name) => metadata.Elements().Single(element => element.Name.LocalName == name);
        string Value(string name) => Element(name).Value;
        static IEnumerable<string> Library(ZipArchive archive) => archive.Entries.Where(entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal)).Select(entry => entry.Name).Order();
    }

    [Fact]
    public async Task Package_PackedAgain_HasTheSameBytes()
    {
        var second = Path.Combine(packed.Folder, "second");
        await PackedDiskImages.PackAgainAsync(second);

        foreach (var file in Directory.GetFiles(packed.Packages))
        {
            Assert.Equal(await File.ReadAllBytesAsync(file, Token), await File.ReadAllBytesAsync(Path.Combine(second, Path.GetFileName(file)), Token));
        }
    }

    [Fact]
    public async Task Readme_ItsSamples_CompileAndRunAgainstThePackage()
    {
        var program = Directory.CreateDirectory(Path.Combine(packed.Folder, "program")).FullName;
        var samples = Samples().Matches(Repository.Read("libs", "Ferry.DiskImages", "README.md")).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(3, samples.Length);
        await File.WriteAllTextAsync(Path.Combine(program, "Program.cs"), string.Join('\n', samples), Token);
        var version = XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("Version").Single().Value;
        await File.WriteAllTextAsync(
            Path.Combine(program, "Program.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Ferry.DiskImages" Version="[{version}]" />
              </ItemGroup>
            </Project>
            """,
            Token);

        // Nothing comes from anywhere else, and the package of this test stays in its folder.
        await File.WriteAllTextAsync(
            Path.Combine(program, "nuget.config"),
            """
            <configuration>
              <config><add key="globalPackagesFolder" value="restored" /></config>
              <packageSources><clear /><add key="packed" value="../packages" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """,
            Token);
        await File.WriteAllTextAsync(
            Path.Combine(program, "disk.vmdk"),
            "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\nRW 8192 FLAT \"disk-flat.vmdk\" 0\n",
            Token);
        var content = new byte[4 << 20];
        new Random(1).NextBytes(content.AsSpan(0, 100_000));
        await File.WriteAllBytesAsync(Path.Combine(program, "disk-flat.vmdk"), content, Token);

        await DotnetCommand.RunAsync(program, "build", "--nologo", "-v", "quiet", "-o", "out");
        var output = await DotnetCommand.RunAsync(program, "exec", "out/Program.dll");

        Assert.Contains("Vmdk monolithicFlat, 4194304 bytes, files disk.vmdk, disk-flat.vmdk", output, StringComparison.Ordinal);
        Assert.Contains("identical", output, StringComparison.Ordinal);
        Assert.Contains($"0 errors, SHA-256 {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))}", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(program, "new.vhdx")));
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Samples();

    private static async Task<string> ReadAsync(ZipArchive archive, string name)
    {
        using var reader = new StreamReader(await archive.GetEntry(name)!.OpenAsync(Token));
        return await reader.ReadToEndAsync(Token);
    }
}
