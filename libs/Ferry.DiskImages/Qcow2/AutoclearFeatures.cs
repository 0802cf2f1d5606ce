namespace Ferry.DiskImages.Qcow2;

/// <summary>Features that a program which writes to the image must know or take away (qcow2.txt, "Header", offset 88).</summary>
[Flags]
internal enum AutoclearFeatures : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Bit 0: the dirty bitmaps are right.</summary>
    Bitmaps = 1 << 0,

    /// <summary>Bit 1: the external data file is a raw image on its own.</summary>
    RawDataFile = 1 << 1,

    /// <summary>
    /// Bit 63, which the specification does not use: nobody has written to the image since Ferry completed it. Whoever opens an image to write takes away the bits
    /// that he does not know, and so tells that he was there.
    /// </summary>
    Untouched = 1UL << 63,
}
