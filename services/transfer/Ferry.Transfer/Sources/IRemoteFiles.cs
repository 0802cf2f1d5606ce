using Ferry.DiskImages.Sources;

namespace Ferry.Transfer.Sources;

/// <summary>Opens the files at a remote origin.</summary>
public interface IRemoteFiles
{
    /// <summary>The look-up for the files at a URL: those of a folder (the URL ends with a slash) or the members of an OVA. The caller disposes of it.</summary>
    /// <exception cref="Hosting.Jobs.JobFailedException">The URL is not allowed.</exception>
    ValueTask<IImageFiles> OpenAsync(string location, CancellationToken cancellationToken);
}
