namespace Ferry.Chunks.Store;

/// <summary>The closed list of error codes of chunks and manifests; docs/errors.md explains each.</summary>
public static class ChunkStoreErrors
{
    /// <summary>A chunk is not in the store.</summary>
    public const string Missing = "CHUNK_MISSING";

    /// <summary>A stored chunk's bytes do not match its id.</summary>
    public const string Corrupt = "CHUNK_CORRUPT";

    /// <summary>Bytes from outside do not match the id they came with, or have the wrong length.</summary>
    public const string Mismatch = "CHUNK_MISMATCH";

    /// <summary>The disk below the store is full.</summary>
    public const string Full = "STORE_FULL";

    /// <summary>The store cannot be read or written.</summary>
    public const string InputOutput = "STORE_IO";

    /// <summary>A manifest's root or page is malformed.</summary>
    public const string BadManifest = "MANIFEST_INVALID";

    /// <summary>The digest of a disk was asked for, but bytes of it were never read: its manifest has plain <c>Origin</c> entries.</summary>
    public const string NotHashed = "MANIFEST_NOT_HASHED";
}
