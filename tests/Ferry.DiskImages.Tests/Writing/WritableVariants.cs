using Xunit;

namespace Ferry.DiskImages.Tests.Writing;

/// <summary>Every format and variant that <see cref="DiskImageVariants"/> says can be written: one that is new is tested from then on.</summary>
public static class WritableVariants
{
    /// <summary>All.</summary>
    public static TheoryData<DiskImageFormat, DiskImageVariant> All() => Where(_ => true);

    /// <summary>Those of which any part can be written at any time.</summary>
    public static TheoryData<DiskImageFormat, DiskImageVariant> Planned() => Where(v => !IsSequential(v.Variant));

    /// <summary>Those that hold a disk of over 2 TiB. A VHD ends at 2040 GiB.</summary>
    public static TheoryData<DiskImageFormat, DiskImageVariant> Large() => Where(v => !IsSequential(v.Variant) && v.Format != DiskImageFormat.Vhd);

    /// <summary>Compressed variants are written from front to back and never again.</summary>
    public static bool IsSequential(DiskImageVariant variant) => variant is DiskImageVariant.StreamOptimized or DiskImageVariant.Compressed;

    /// <summary>QEMU's name of a format.</summary>
    public static string QemuName(DiskImageFormat format) => format switch
    {
        DiskImageFormat.Raw => "raw",
        DiskImageFormat.Vmdk => "vmdk",
        DiskImageFormat.Vhdx => "vhdx",
        DiskImageFormat.Vhd => "vpc",
        DiskImageFormat.Qcow2 => "qcow2",
        DiskImageFormat.Vdi => "vdi",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Name the format as QEMU does."),
    };

    /// <summary>Whether a complete image says what it holds. Raw has no place for it, VHD nothing that tells of changes by others.</summary>
    public static bool RecordsContent(DiskImageFormat format) => format is not (DiskImageFormat.Raw or DiskImageFormat.Vhd);

    /// <summary>Whether a complete image says which plan or delta was the last. Of a fixed VHD every byte is the guest's or the footer's.</summary>
    public static bool RecordsDelta(DiskImageFormat format, DiskImageVariant variant) =>
        format != DiskImageFormat.Raw && (format != DiskImageFormat.Vhd || variant == DiskImageVariant.Dynamic);

    private static TheoryData<DiskImageFormat, DiskImageVariant> Where(Func<(DiskImageFormat Format, DiskImageVariant Variant), bool> wanted) =>
        [.. Enum.GetValues<DiskImageFormat>().SelectMany(format => DiskImageVariants.Of(format).Select(variant => (format, variant))).Where(wanted)];
}
