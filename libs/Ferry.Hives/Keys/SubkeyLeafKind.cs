namespace Ferry.Hives.Keys;

/// <summary>The kinds of lists, by their signatures.</summary>
internal enum SubkeyLeafKind
{
    None = 0,

    /// <summary>"lf".</summary>
    Fast = 'l' | ('f' << 8),

    /// <summary>"lh".</summary>
    Hashed = 'l' | ('h' << 8),

    /// <summary>"li".</summary>
    Plain = 'l' | ('i' << 8),

    /// <summary>"ri".</summary>
    Root = 'r' | ('i' << 8),
}
