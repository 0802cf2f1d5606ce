namespace Ferry.Contracts.Machines;

/// <summary>One disk of a machine.</summary>
public sealed record MachineDisk
{
    /// <summary>Position in controller order, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Bus kind at the source: <c>scsi</c>, <c>sata</c>, <c>ide</c>, <c>nvme</c>.</summary>
    public required string Bus { get; init; }

    /// <summary>Controller number on that bus.</summary>
    public required int Controller { get; init; }

    /// <summary>Unit number on that controller.</summary>
    public required int Unit { get; init; }

    /// <summary>The image's name beside the descriptor (or the member of an OVA).</summary>
    public required string Image { get; init; }

    /// <summary>Format that the source names or that was asked for (<c>raw</c>), or null to detect it by content.</summary>
    public string? Format { get; init; }

    /// <summary>Size of the virtual disk in bytes; 0 until the image has been opened.</summary>
    public long Capacity { get; init; }
}
