using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>A disk whose partition table, volume group or file system is damaged.</summary>
/// <param name="Bytes">Its bytes up to the last that is not zero.</param>
/// <param name="Capacity">Its size.</param>
internal sealed record FuzzVolume(byte[] Bytes, long Capacity)
{
    /// <summary>Places where damage does most.</summary>
    public IReadOnlyList<(int Offset, int Length)> Hot { get; init; } = [];

    /// <summary>Makes damage believed. It must not fail, whatever it is given.</summary>
    public Action<byte[]> Mend { get; init; } = _ => { };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A raw disk.</summary>
    public static async Task<FuzzVolume> LoadAsync(string path)
    {
        var bytes = await File.ReadAllBytesAsync(path, Token);
        return new FuzzVolume(bytes[..(bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1)], bytes.Length);
    }

    /// <summary>Damages the disk and reads its map: a map is always there, and never says of a volume that it has no map that some of it is unused.</summary>
    public async Task RunAsync(int rounds)
    {
        var mutation = new Mutation(Bytes, [.. Hot]);
        await Fuzz.RunAsync(
            rounds,
            random =>
            {
                var bytes = mutation.Apply(random);
                Mend(bytes);
                return bytes;
            },
            async (bytes, token) =>
            {
                await using var disk = new SparseDisk(bytes.Length >= Bytes.Length ? Capacity : Math.Max(512, bytes.Length / 512 * 512)).With(0, bytes);
                var map = await UsedBlockMap.ReadAsync(disk, null, token);
                Maps.Check(map, disk.Capacity);
                foreach (var volume in map.Volumes.Where(volume => !volume.IsMapped && volume.Content != "lvm2" && volume.Kind != VolumeKind.LogicalVolume))
                {
                    Assert.DoesNotContain(map.Unused, range => range.Offset < volume.Offset + volume.Length && range.End > volume.Offset);
                }
            });
    }
}
