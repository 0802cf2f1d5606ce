namespace Ferry.Cleanup.Store;

/// <summary>What is done with the store as a whole. The names are the ids of the documents.</summary>
public static class StoreTaskKind
{
    /// <summary>Garbage collection.</summary>
    public const string Collection = "gc";

    /// <summary>Verification.</summary>
    public const string Verification = "verify";
}
