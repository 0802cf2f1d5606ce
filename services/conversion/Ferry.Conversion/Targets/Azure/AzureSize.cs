namespace Ferry.Conversion.Targets.Azure;

/// <summary>A size of Azure's virtual machines.</summary>
/// <param name="Name">Azure's name.</param>
/// <param name="Processors">Virtual processors.</param>
/// <param name="MemoryGiB">Memory in GiB.</param>
/// <param name="DataDisks">Most data disks.</param>
/// <param name="Nics">Most network adapters.</param>
public sealed record AzureSize(string Name, int Processors, int MemoryGiB, int DataDisks, int Nics)
{
    // General purpose and memory optimised, both for generation 1 and 2; by processors, then by memory, which is the order of their price.
    private static readonly AzureSize[] all =
    [
        new("Standard_D2s_v5", 2, 8, 4, 2), new("Standard_E2s_v5", 2, 16, 4, 2),
        new("Standard_D4s_v5", 4, 16, 8, 2), new("Standard_E4s_v5", 4, 32, 8, 2),
        new("Standard_D8s_v5", 8, 32, 16, 4), new("Standard_E8s_v5", 8, 64, 16, 4),
        new("Standard_D16s_v5", 16, 64, 32, 8), new("Standard_E16s_v5", 16, 128, 32, 8),
        new("Standard_E20s_v5", 20, 160, 32, 8),
        new("Standard_D32s_v5", 32, 128, 32, 8), new("Standard_E32s_v5", 32, 256, 32, 8),
        new("Standard_D48s_v5", 48, 192, 32, 8), new("Standard_E48s_v5", 48, 384, 32, 8),
        new("Standard_D64s_v5", 64, 256, 32, 8), new("Standard_E64s_v5", 64, 512, 32, 8),
        new("Standard_D96s_v5", 96, 384, 32, 8), new("Standard_E96s_v5", 96, 672, 32, 8),
    ];

    /// <summary>The smallest size that has at least all this; null when none has.</summary>
    public static AzureSize? Smallest(int processors, int memoryMiB, int dataDisks, int nics) => all.FirstOrDefault(size =>
        size.Processors >= processors && (long)size.MemoryGiB << 10 >= memoryMiB && size.DataDisks >= dataDisks && size.Nics >= nics);
}
