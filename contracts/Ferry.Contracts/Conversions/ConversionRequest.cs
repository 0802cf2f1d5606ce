namespace Ferry.Contracts.Conversions;

/// <summary>What a client asks for: the body of <c>POST /api/v1/conversions</c>.</summary>
public sealed record ConversionRequest
{
    /// <summary>The source: <c>library:NAME</c>, <c>upload:ID</c> with the id of an upload that has a machine, or a path in the library share, or an http(s) URL, of a .vmx, .ovf, .ova or disk image. Credentials are references, never part of it.</summary>
    public required string Source { get; init; }

    /// <summary>Format of a bare disk image: <c>raw</c> when the content cannot tell; null to detect.</summary>
    public string? SourceFormat { get; init; }

    /// <summary>Target platform: <c>hyperv</c> or <c>raw</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Folder in which the finished machine appears, or <c>library:NAME</c>: it appears in the library, with its report and checksums.</summary>
    public required string Output { get; init; }

    /// <summary>Image format, or null for the target's own.</summary>
    public string? Format { get; init; }

    /// <summary>Hyper-V generation 1 or 2, or null to follow the firmware.</summary>
    public int? Generation { get; init; }

    /// <summary>Whether the guest is made to fit the target.</summary>
    public bool Fixup { get; init; } = true;

    /// <summary>Whether all blocks are moved, also those that no file system of the guest uses.</summary>
    public bool AllBlocks { get; init; }

    /// <summary>Scripts that the guest runs once, in this order, at its first start on the target: names of files in the folder of first-boot scripts; at most 100. The scripts' content is no part of any message.</summary>
    public IReadOnlyList<string> FirstBoot { get; init; } = [];

    /// <summary>
    /// Whether the machine is started once before the conversion, without network, to see whether it boots: <c>none</c>, <c>report</c> (the report tells), or <c>require</c>
    /// (what does not boot is not published).
    /// </summary>
    public string Rehearse { get; init; } = "none";

    /// <summary>Whether what waits for the first boot (offered packages, scripts) runs before the conversion; what fails is left to the target.</summary>
    public bool RunFirstBoot { get; init; }

    /// <summary>Name of the target machine, or null for the source's.</summary>
    public string? Name { get; init; }
}
