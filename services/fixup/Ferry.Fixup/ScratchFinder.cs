using Ferry.Contracts.Cleanup;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Hosting.Ledger;
using Microsoft.Extensions.Options;

namespace Ferry.Fixup;

/// <summary>Finds private folders of runs.</summary>
internal sealed class ScratchFinder(IOptions<ApplianceOptions> options) : IStrayFinder
{
    /// <inheritdoc/>
    public IEnumerable<StrayResource> Find() => Directory.Exists(options.Value.ScratchRoot)
        ? Directory.EnumerateDirectories(options.Value.ScratchRoot).Where(ScratchFolders.IsOne).Select(place => new StrayResource { Kind = ScratchFolders.Kind, Place = place })
        : [];
}
