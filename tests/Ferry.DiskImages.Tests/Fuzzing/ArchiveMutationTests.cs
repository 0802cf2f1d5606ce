using System.Text;
using Ferry.DiskImages.Ova;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>Damaged archives whose checksums are right again.</summary>
[Collection(FuzzCollection.Name)]
public sealed class ArchiveMutationTests : IDisposable
{
    private const int Rounds = 4000;
    private const int Sector = 512;

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pax")]
    [InlineData("gnu")]
    [InlineData("ustar")]
    [InlineData("v7")]
    public Task Open_DamagedArchive_NeverFailsInAnotherWay(string format) => RunAsync(format, Rounds);

    [Theory]
    [Trait("Tier", "all")]
    [InlineData("pax")]
    [InlineData("gnu")]
    public Task Open_DamagedArchiveInManyRounds_NeverFailsInAnotherWay(string format) => RunAsync(format, Rounds * Fuzz.LongFactor);

    private async Task RunAsync(string format, int rounds)
    {
        var longName = format is "pax" or "gnu" ? new string('n', 180) : "c.bin";
        foreach (var (name, size) in new[] { ("a.ovf", 700), (longName, 1700), ("d.bin", 0) })
        {
            await File.WriteAllBytesAsync(_folder[name], new byte[size], Token);
        }

        await Tool.RunInAsync(_folder.Path, "tar", $"--format={format}", "-cf", "x.ova", "a.ovf", longName, "d.bin");
        var original = await File.ReadAllBytesAsync(_folder["x.ova"], Token);
        var headers = Enumerable.Range(0, original.Length / Sector).Select(i => i * Sector).Where(at => TarHeader.IsMatch(original.AsSpan(at, Sector))).ToArray();
        Assert.True(headers.Length >= 3);
        var mutation = new Mutation(original, [.. headers.Select(at => (at + 100, 60)), .. headers.Select(at => (at, 100)), .. headers.Select(at => (at + Sector, 60))]);
        await Fuzz.RunAsync(
            rounds,
            random =>
            {
                var bytes = mutation.Apply(random);
                foreach (var at in headers.Where(at => at + Sector <= bytes.Length))
                {
                    Sum(bytes.AsSpan(at, Sector));
                }

                return bytes;
            },
            async (bytes, token) =>
            {
                await using var files = await OvaImageFiles.OpenArchiveAsync(new MemoryByteSource("a.ova", bytes), token);
                foreach (var member in files.Members)
                {
                    await using var source = await files.OpenAsync(member.Name, token);
                    await source.ReadAsync(0, new byte[(int)Math.Min(4096, source.Length)], token);
                    await source.ReadAsync(source.Length, Memory<byte>.Empty, token);
                }
            });
    }

    private static void Sum(Span<byte> sector)
    {
        "        "u8.CopyTo(sector[148..]);
        var sum = 0;
        foreach (var value in sector)
        {
            sum += value;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", sector[148..]);
    }
}
