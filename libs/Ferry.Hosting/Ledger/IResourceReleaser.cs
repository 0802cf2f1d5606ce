namespace Ferry.Hosting.Ledger;

/// <summary>Removes resources of one kind.</summary>
public interface IResourceReleaser
{
    /// <summary>The kind.</summary>
    string Kind { get; }

    /// <summary>Whether it is what the conversion was made for: removed when that came to nothing, kept when it succeeded.</summary>
    bool IsProduct => false;

    /// <summary>Removes the resource; does nothing when it is not there (it may never have been made, or be removed already).</summary>
    /// <exception cref="IOException">It is there and cannot be removed: it becomes residue.</exception>
    Task ReleaseAsync(ResourceDocument resource, CancellationToken cancellationToken);
}
