namespace Ferry.DiskImages.Qcow2;

/// <summary>Where a range of the disk is that lies within one cluster, or in clusters that have no table.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Bytes from the place that was asked for on, at least 1.</param>
/// <param name="Position">Data: offset in the file of the place that was asked for. Compressed: of the cluster's compressed data.</param>
/// <param name="Stored">Compressed: bytes in which the compressed data ends somewhere.</param>
internal readonly record struct ClusterRun(ClusterKind Kind, long Length, long Position = 0, int Stored = 0)
{
    /// <summary>Whether another run that begins where this one ends goes on in the same way, so that both can be read at once.</summary>
    internal bool Continues(ClusterRun next) =>
        next.Kind == Kind && Kind != ClusterKind.Compressed && (Kind != ClusterKind.Data || next.Position == Position + Length);
}
