using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Ova;

/// <summary>The files in an OVA, read in place wherever the archive lives; nothing is extracted.</summary>
public sealed class OvaImageFiles : IImageFiles
{
    private readonly IByteSource _archive;

    private OvaImageFiles(IByteSource archive, IReadOnlyList<OvaMember> members)
    {
        _archive = archive;
        Members = members;
    }

    /// <summary>The members in the order of the archive; an OVA begins with its <c>.ovf</c>.</summary>
    public IReadOnlyList<OvaMember> Members { get; }

    /// <summary>What identifies the archive's content.</summary>
    public SourcePin Pin => _archive.Pin;

    /// <summary>Opens a local OVA.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DiskImageException">The archive is damaged, or holds what an OVA may not hold.</exception>
    public static ValueTask<OvaImageFiles> OpenArchiveAsync(string path, CancellationToken cancellationToken = default) =>
        OpenArchiveAsync(FileByteSource.Open(path), cancellationToken);

    /// <summary>Opens an OVA.</summary>
    /// <param name="archive">The archive; owned from now on, also when opening fails.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DiskImageException">The archive is damaged, or holds what an OVA may not hold.</exception>
    public static async ValueTask<OvaImageFiles> OpenArchiveAsync(IByteSource archive, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        try
        {
            return new OvaImageFiles(archive, await new TarReader(archive).ReadAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await archive.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens a member. It must not be used after this object has been disposed of.</summary>
    /// <param name="name">Name of the member.</param>
    /// <param name="cancellationToken">Not used: nothing is read.</param>
    public ValueTask<IByteSource> OpenAsync(string name, CancellationToken cancellationToken = default)
    {
        ImageFileName.Require(name);
        var member = Members.FirstOrDefault(m => m.Name == name)
            ?? throw new InvalidDiskImageException(DiskImageErrors.MissingFile, $"The archive has no member \"{name}\".", _archive.Name);
        return ValueTask.FromResult<IByteSource>(new SubrangeByteSource(_archive, name, member.Offset, member.Length));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _archive.DisposeAsync();
}
