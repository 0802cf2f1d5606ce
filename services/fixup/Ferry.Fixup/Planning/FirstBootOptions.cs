namespace Ferry.Fixup.Planning;

/// <summary>Where the scripts that guests run at their first start come from.</summary>
public sealed class FirstBootOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Fixup:FirstBoot";

    /// <summary>Folder of the scripts that a request may name; none: <c>.first-boot</c> of the library.</summary>
    public string? Folder { get; set; }

    /// <summary>Whether a script may be named by its full path: only where who asks may read the worker's files anyway, as with a command on the same machine.</summary>
    public bool AllowPaths { get; set; }
}
