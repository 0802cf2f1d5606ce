namespace Ferry.DiskImages.Writing;

/// <summary>How far what an <see cref="ImageRecord"/> speaks of has come.</summary>
internal enum ImageRecordState
{
    /// <summary>A delta is about to be written, or being written. Such a record counts only while the image's signature is withheld.</summary>
    Begun = 1,

    /// <summary>The plan or the delta is all in the image.</summary>
    Applied = 2,
}
