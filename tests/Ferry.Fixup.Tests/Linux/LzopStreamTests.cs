using Ferry.Fixup.Guests.Linux.Initrd;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Linux;

/// <summary>What lzop, the program, has packed.</summary>
public sealed class LzopStreamTests
{
    [Theory]
    [InlineData("-1")]
    [InlineData("-3")]
    [InlineData("-9")]
    public async Task Read_ManyBlocksOfCodeTextAndNoise_IsWhatWasPacked(string level)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var scratch = new ScratchFolder();
        var (plain, packed) = (Path.Combine(scratch.Path, "plain"), Path.Combine(scratch.Path, "packed"));
        await SampleGuest.RunAsync("bash", "-c", $"{{ cat /bin/bash /etc/services; head -c 600000 /dev/urandom; head -c 900000 /dev/zero; }} > {plain}");
        Assert.SkipUnless((await SampleGuest.TryRunAsync("bash", "-c", $"lzop -q {level} < {plain} > {packed}")).Code == 0, "lzop is not installed");

        using var stream = new LzopStream(await File.ReadAllBytesAsync(packed, cancel));
        using var unpacked = new MemoryStream();
        await stream.CopyToAsync(unpacked, cancel);

        Assert.True((await File.ReadAllBytesAsync(plain, cancel)).SequenceEqual(unpacked.ToArray()));
    }
}
