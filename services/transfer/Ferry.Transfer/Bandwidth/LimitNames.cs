namespace Ferry.Transfer.Bandwidth;

/// <summary>Names of limits inside a process.</summary>
internal static class LimitNames
{
    /// <summary>That of all transfers.</summary>
    public const string Global = "global";

    /// <summary>That of a source host.</summary>
    public static string Host(string host) => "host:" + host;

    /// <summary>That of a link.</summary>
    public static string Link(string link) => "link:" + link;
}
