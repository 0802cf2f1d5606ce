using Ferry.DiskImages.Sources;

namespace Ferry.Transfer.Sources;

/// <summary>Opens the files at a remote origin.</summary>
public interface IRemoteFiles
{
    /// <summary>The look-up for the files at a URL: those of a folder (the URL ends with a slash) or the members of an OVA. The caller disposes of it.</summary>
    /// <exception cref="Hosting.Jobs.JobFailedException">The URL is not allowed.</exception>
    ValueTask<IImageFiles> OpenAsync(string location, SourceTraffic traffic, CancellationToken cancellationToken);

    /// <summary>A plain file at a URL. The caller disposes of it.</summary>
    /// <param name="location">The URL.</param>
    /// <param name="captured">What it was when it was opened first, or null.</param>
    /// <param name="traffic">The job's traffic.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Hosting.Jobs.JobFailedException">The URL is not allowed.</exception>
    ValueTask<RemoteFile> OpenFileAsync(string location, SourcePin? captured, SourceTraffic traffic, CancellationToken cancellationToken);
}
