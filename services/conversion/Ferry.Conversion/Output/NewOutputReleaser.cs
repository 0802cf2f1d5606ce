using Ferry.Hosting.Ledger;

namespace Ferry.Conversion.Output;

/// <summary>As <see cref="StagingFolderReleaser"/>, for an output folder that the conversion made itself: it goes too, when nothing is in it.</summary>
public sealed class NewOutputReleaser : StagingFolderReleaser
{
    /// <inheritdoc/>
    public override string Kind => StagingFolder.KindInNewOutput;

    /// <inheritdoc/>
    public override async Task ReleaseAsync(ResourceDocument resource, CancellationToken cancellationToken)
    {
        await base.ReleaseAsync(resource, cancellationToken);
        StagingFolder.DeleteIfEmpty(StagingFolder.Check(resource.Place, resource.ConversionId).Output);
    }
}
