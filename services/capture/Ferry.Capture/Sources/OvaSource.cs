using Ferry.Capture.Sources.Ovf;
using Ferry.DiskImages.Ova;
using Ferry.DiskImages.Sources;

namespace Ferry.Capture.Sources;

/// <summary>An OVA: an OVF package in one tar archive, read in place.</summary>
internal static class OvaSource
{
    /// <summary>Reads the archive's directory and its descriptor.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="folder">The look-up of the archive itself; no longer needed when this returns.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<OpenedSource> OpenAsync(SourcePlace place, IImageFiles folder, CancellationToken cancellationToken)
    {
        var members = await OvaImageFiles.OpenArchiveAsync(await folder.OpenAsync(place.Name, cancellationToken), cancellationToken);
        try
        {
            var descriptors = members.Members.Where(m => m.Name.EndsWith(".ovf", StringComparison.OrdinalIgnoreCase)).ToList();
            if (descriptors is not [var descriptor])
            {
                throw SourceException.Of(
                    SourceErrors.OvaInvalid,
                    descriptors.Count == 0 ? "The archive has no .ovf in it: it is not an OVA." : "The archive has several .ovf files in it.",
                    SourceText.Quote(place.Name),
                    "Export the machine again, or unpack the archive and name the .ovf.");
            }

            return await OvfSource.OpenAsync(SourceKind.Ova, descriptor.Name, place.Full, place.Remote, members, cancellationToken);
        }
        catch
        {
            await members.DisposeAsync();
            throw;
        }
    }
}
