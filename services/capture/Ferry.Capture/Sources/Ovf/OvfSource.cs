using Ferry.Contracts.Machines;
using Ferry.DiskImages.Sources;

namespace Ferry.Capture.Sources.Ovf;

/// <summary>An .ovf with its files beside it, or in the same OVA.</summary>
internal static class OvfSource
{
    /// <summary>Reads the descriptor and the .mf file if there is one, and compares the descriptor with it.</summary>
    /// <param name="kind">Whether the files are in a folder or in an OVA.</param>
    /// <param name="descriptor">Name of the .ovf in <paramref name="files"/>.</param>
    /// <param name="location">Where the files are, for the manifests' origin.</param>
    /// <param name="remote">Whether they are remote.</param>
    /// <param name="files">The look-up.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<OpenedSource> OpenAsync(
        SourceKind kind, string descriptor, string location, bool remote, IImageFiles files, CancellationToken cancellationToken)
    {
        var bytes = await SourceFiles.ReadAsync(files, descriptor, OvfXml.MaximumBytes, cancellationToken);
        var list = SourceText.BaseName(descriptor) + ".mf";
        var digestBytes = await SourceFiles.TryReadAsync(files, list, OvfDigests.MaximumBytes, cancellationToken);
        var digests = digestBytes is null ? null : OvfDigests.Parse(digestBytes, list);
        digests?.Verify(descriptor, bytes);

        var described = OvfMachine.Describe(bytes, descriptor);
        var disks = new List<MachineDisk>();
        foreach (var disk in described.Machine.Disks)
        {
            disks.Add(disk with { Image = await FindAsync(disk.Image, descriptor, files, cancellationToken) });
        }

        return new OpenedSource
        {
            Kind = kind,
            Machine = described.Machine with { Disks = disks },
            Findings = described.Findings,
            Files = files,
            Location = location,
            Remote = remote,
            Digests = digests,
        };
    }

    /// <summary>An href is a URI: some programs escape the spaces of a file name in it, some do not.</summary>
    private static async Task<string> FindAsync(string href, string descriptor, IImageFiles files, CancellationToken cancellationToken)
    {
        if (!href.Contains('%', StringComparison.Ordinal) || await SourceFiles.ExistsAsync(files, href, cancellationToken))
        {
            return href;
        }

        return DescriptorReference.Require(Uri.UnescapeDataString(href), descriptor);
    }
}
