namespace Ferry.DiskImages.Lvm;

/// <summary>How much metadata text is read and kept of one set of disks: far more than machines have, and little enough for a hostile one.</summary>
internal sealed class LvmTextBudget
{
    /// <summary>Largest text of one group; the areas of lvm2 have room for 1 MiB unless told otherwise.</summary>
    internal const long MostTextBytes = 4 << 20;

    private const long MostBytes = 64 << 20;
    private const long MostNames = 400_000;

    private long _bytes;
    private long _names;

    /// <summary>Counts the bytes of a text before it is read.</summary>
    /// <exception cref="FileSystems.VolumeRefusedException">There are too many.</exception>
    internal void TakeBytes(long bytes) => Require((_bytes += bytes) <= MostBytes);

    /// <summary>Counts a name that is parsed.</summary>
    /// <exception cref="FileSystems.VolumeRefusedException">There are too many.</exception>
    internal void TakeName() => Require(++_names <= MostNames);

    private static void Require(bool enough)
    {
        if (!enough)
        {
            throw LvmText.Damaged("there is too much of it");
        }
    }
}
