using System.Security.Cryptography;
using System.Text;
using Ferry.Contracts;

namespace Ferry.Cli.Embedded;

/// <summary>The data folder of <c>ferry serve</c>: state, chunks, the local API key, and the library unless that is elsewhere.</summary>
internal sealed class DataFolder(string path, string? library = null)
{
    /// <summary>Where a local server listens unless told otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>The data folder unless told otherwise.</summary>
    public static DataFolder Default { get; } = new(System.IO.Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "ferry"));

    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>The document store's file.</summary>
    public string Database => System.IO.Path.Combine(Path, "state.db");

    /// <summary>The chunk store's folder.</summary>
    public string Chunks => System.IO.Path.Combine(Path, "chunks");

    /// <summary>The library share's folder.</summary>
    public string Library { get; } = library ?? System.IO.Path.Combine(path, "library");

    /// <summary>The local API key, readable by the owner only.</summary>
    public string KeyFile => System.IO.Path.Combine(Path, "api-key");

    /// <summary>Makes the folder, and the key when there is none, and keeps other processes out of it until what is returned is disposed.</summary>
    public IDisposable Open()
    {
        try
        {
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var folderLock = FolderLock.TryTake(Path) ?? throw new CliException(new Failure
            {
                Code = "DATA_IN_USE", Message = "Another ferry serves with this data folder", Where = Path, Remedy = "Stop it, or choose another folder with --data",
            });
            MakeKey();
            Directory.CreateDirectory(Library);
            return folderLock;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                new Failure
                {
                    Code = "DATA_NOT_WRITABLE", Message = $"The data folder cannot be written: {exception.Message}", Where = Path,
                    Remedy = "Choose a folder that you may write to, with --data",
                },
                exception);
        }
    }

    /// <summary>The SHA-256 of the key.</summary>
    public string KeyDigest() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(File.ReadAllText(KeyFile).Trim())));

    private void MakeKey()
    {
        if (!File.Exists(KeyFile))
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var writer = new StreamWriter(KeyFile, options);
            writer.WriteLine(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }
    }
}
