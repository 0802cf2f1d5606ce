namespace Ferry.Fixup.Tests.Windows.Disks;

/// <summary>Partitions of a disk with Windows.</summary>
public enum WindowsDiskLayout
{
    /// <summary>EFI system partition and Windows.</summary>
    Gpt,

    /// <summary>"System Reserved" and Windows.</summary>
    Mbr,

    /// <summary>A dynamic disk with GPT.</summary>
    GptDynamic,

    /// <summary>A dynamic disk with MBR.</summary>
    MbrDynamic,
}
