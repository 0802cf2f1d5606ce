using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ferry.Contracts;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Guests.Windows;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Library;
using Microsoft.Extensions.Options;

namespace Ferry.Fixup.Planning;

/// <summary>What the worker has for guests beside its rules: first-boot scripts that a request names, packages and drivers of the library share.</summary>
public sealed class GuestOffers(IOptions<FirstBootOptions> firstBoot, IOptions<ApplianceOptions> appliance, IOptions<LibraryOptions> library)
{
    /// <summary>Most bytes of one script.</summary>
    public const int MaximumScript = 1024 * 1024;

    private const string FolderInLibrary = ".first-boot";

    /// <summary>Reads the scripts that a request names, in its order.</summary>
    /// <exception cref="JobFailedException">One is missing, too large, or named in a way that is not allowed here.</exception>
    public async Task<IReadOnlyList<FirstBootScript>> ReadScriptsAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(names);
        var scripts = new List<FirstBootScript>();
        foreach (var name in names)
        {
            var path = PathOf(name);
            try
            {
                var length = new FileInfo(path).Length;
                if (length > MaximumScript)
                {
                    throw Invalid(path, $"It has {length} bytes; a script has at most {MaximumScript}.");
                }

                scripts.Add(new FirstBootScript(Path.GetFileName(path), await File.ReadAllBytesAsync(path, cancellationToken)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Failed("FIRST_BOOT_MISSING", path, $"A script for the first start cannot be read: {e.Message}", "Put it there, readable for the worker, and retry the conversion.", e);
            }
        }

        return scripts;
    }

    /// <summary>Changes when a package or driver that is offered for the platform does: what a fix-up made of them before is then not what it would make now.</summary>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    public string Fingerprint(string platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        var text = new StringBuilder();
        string?[] folders = [appliance.Value.PackageFolder is { } packages ? Path.Combine(packages, platform) : null, platform == "kvm" ? VirtioWin.FolderIn(library.Value.Folder) : null];
        foreach (var folder in folders.Where(Directory.Exists))
        {
            foreach (var file in new DirectoryInfo(folder!).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(folder!, file.FullName)}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\n");
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private string PathOf(string name)
    {
        if (Path.IsPathFullyQualified(name))
        {
            return firstBoot.Value.AllowPaths ? name : throw Invalid(name, "Scripts are named here by their file names in the folder of first-boot scripts, not by paths.");
        }

        if (name != Path.GetFileName(name) || name.StartsWith('.'))
        {
            throw Invalid(name, "A script is named by its file name.");
        }

        var folder = firstBoot.Value.Folder ?? (library.Value.Folder is { } share ? Path.Combine(share, FolderInLibrary) : null);
        return folder is null ? throw Invalid(name, "This worker has no folder of first-boot scripts: set Fixup:FirstBoot:Folder or Ferry:Library:Folder.") : Path.Combine(folder, name);
    }

    private static JobFailedException Invalid(string where, string message) => Failed("FIRST_BOOT_INVALID", where, message, "Name a file of the folder of first-boot scripts.", null);

    private static JobFailedException Failed(string code, string where, string message, string remedy, Exception? inner) =>
        new(new Failure { Code = code, Message = message, Where = where, Remedy = remedy }, inner);
}
