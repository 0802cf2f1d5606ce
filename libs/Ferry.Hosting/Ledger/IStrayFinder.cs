using Ferry.Contracts.Cleanup;

namespace Ferry.Hosting.Ledger;

/// <summary>Looks where a service puts its resources for those that its ledger does not name.</summary>
public interface IStrayFinder
{
    /// <summary>All that is there, named or not; the reconciler takes those out that the ledger names.</summary>
    IEnumerable<StrayResource> Find();
}
