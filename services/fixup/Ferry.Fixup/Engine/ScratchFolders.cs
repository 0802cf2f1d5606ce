using Ferry.Fixup.Appliance;

namespace Ferry.Fixup.Engine;

/// <summary>Private folders for one run: overlays, sockets, unpacked modules, the appliance's temporary files.</summary>
internal static class ScratchFolders
{
    /// <summary>Kind of such a folder in the ledger.</summary>
    public const string Kind = "fixup-scratch";

    private const string Prefix = "ferry-fixup-";
    private const int NameLength = 8;

    /// <summary>A path that nothing has yet.</summary>
    public static string NewPath(ApplianceOptions options) => Path.Combine(options.ScratchRoot, Prefix + Guid.NewGuid().ToString("N")[..NameLength]);

    /// <summary>Makes it, for this user only.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("The fix-up runs on Linux.");
        }

        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Whether a path is one of these; nothing else is ever deleted.</summary>
    public static bool IsOne(string path) => Path.IsPathRooted(path) && Path.GetFullPath(path) == path && Path.GetFileName(path).StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Deletes it with everything in it; does nothing when it is not there.</summary>
    public static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
