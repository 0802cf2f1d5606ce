using Ferry.Capture;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Fixup.Inspection;

namespace Ferry.Cli.Previews;

/// <summary>What was found about a source and its guest.</summary>
/// <param name="Source">Machine and disks.</param>
/// <param name="Guest">The guest, or null when it could not be opened or was not asked for (see the findings).</param>
/// <param name="Changes">What a fix-up would change.</param>
/// <param name="Findings">Findings of source and guest.</param>
internal sealed record SourcePreviewResult(
    SourceInspection Source, GuestInspection? Guest, IReadOnlyList<GuestChange> Changes, IReadOnlyList<Finding> Findings);
