namespace Ferry.Fixup.Tests.Engine;

/// <summary>A private temporary folder with a short path.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ferry-t-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
