namespace Ferry.Chunks.Manifests;

/// <summary>Where a chunk's bytes are (DESIGN section 1). The values are stored in manifest pages.</summary>
public enum ChunkState : byte
{
    /// <summary>All zero bytes: never hashed, moved or stored.</summary>
    Zero = 0,

    /// <summary>The guest's file system does not use it: never read; reads as zero.</summary>
    Unused = 1,

    /// <summary>The bytes are in the chunk store under the entry's id.</summary>
    Stored = 2,

    /// <summary>The bytes are still at the manifest's origin, at the same offset of the virtual disk.</summary>
    Origin = 3,

    /// <summary>As <see cref="Origin"/>, and the id of the bytes is known: they were read and hashed while an image was written.</summary>
    OriginHashed = 4,
}
