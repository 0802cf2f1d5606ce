namespace Ferry.DiskImages.Qcow2;

/// <summary>Features that a program may ignore (qcow2.txt, "Header", offset 80).</summary>
[Flags]
internal enum CompatibleFeatures : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Bit 0: refcounts are brought up to date late.</summary>
    LazyRefcounts = 1 << 0,
}
