namespace Ferry.Orchestrator.Conversions;

/// <summary>The closed set of steps.</summary>
public static class StepNames
{
    /// <summary>Source to machine description and manifests.</summary>
    public const string Capture = "capture";

    /// <summary>Whether the target can take the machine.</summary>
    public const string Preflight = "preflight";

    /// <summary>Remote chunks into the chunk store.</summary>
    public const string Transfer = "transfer";

    /// <summary>The guest is made to fit the target.</summary>
    public const string Fixup = "fixup";

    /// <summary>What waits for the first boot runs before the move.</summary>
    public const string FirstBoot = "first-boot";

    /// <summary>The machine is started once, to see whether it boots.</summary>
    public const string Rehearse = "rehearse";

    /// <summary>Manifest to image, with proof.</summary>
    public const string Convert = "convert";

    /// <summary>Image and definition appear in the output folder.</summary>
    public const string Publish = "publish";

    /// <summary>Resources are released.</summary>
    public const string Cleanup = "cleanup";

    /// <summary>The report is written beside the image.</summary>
    public const string Report = "report";
}
