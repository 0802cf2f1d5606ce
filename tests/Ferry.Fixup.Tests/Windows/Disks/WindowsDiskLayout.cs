namespace Ferry.Fixup.Tests.Windows.Disks;

internal enum WindowsDiskLayout
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
