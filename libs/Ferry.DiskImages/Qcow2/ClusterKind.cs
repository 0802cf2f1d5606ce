namespace Ferry.DiskImages.Qcow2;

/// <summary>Where the content of a cluster or subcluster is.</summary>
internal enum ClusterKind
{
    /// <summary>Nowhere in this image: in the backing file, or nowhere.</summary>
    Unallocated,

    /// <summary>It is zeros.</summary>
    Zero,

    /// <summary>In the file, as it is.</summary>
    Data,

    /// <summary>In the file, compressed.</summary>
    Compressed,
}
