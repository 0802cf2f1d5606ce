using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhd;

/// <summary>How the parent of a differencing image is found, and which are refused.</summary>
public sealed class VhdParentTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(@".\base.vhd", @"C:\elsewhere\other.vhd", "")]
    [InlineData("base.vhd", @"C:\elsewhere\other.vhd", "")]
    [InlineData("./base.vhd", "", "")]
    [InlineData(@"..\up\other.vhd", @"C:\some where\base.vhd", "")]
    [InlineData("", @"\\server\share\base.vhd", @"C:\other.vhd")]
    [InlineData("", "", @"C:\some where\base.vhd")]
    [InlineData("", "", "base.vhd")]
    [InlineData(@"..\up\base.vhd", "", "")]
    [InlineData(".\\base.vhd\0rest", "", "")]
    public async Task Open_NamesOfTheParent_AreLookedUpBesideTheImage(string relative, string absolute, string header)
    {
        await WriteAsync("base.vhd", new VhdBuilder { Content = Content, Id = new Guid(1, 2, 3, new byte[8]) });

        await using var reader = await Images.OpenAsync(await WriteAsync("a.vhd", Child(relative, absolute, header)));

        Assert.Equal(["a.vhd", "base.vhd"], reader.Info.Files);
    }

    [Fact]
    public async Task Open_WrongParents_AreRefused()
    {
        await WriteAsync("base.vhd", new VhdBuilder { Content = Content });
        var stranger = await Images.FailsAsync(DiskImageErrors.Corrupt, async () => await Images.OpenAsync(await WriteAsync("a.vhd", Child("base.vhd", "", ""))));
        Assert.Contains("01020304-0506-0708-090a-0b0c0d0e0f10", stranger.Message, StringComparison.Ordinal);

        await Images.FailsAsync(DiskImageErrors.Corrupt, async () => await Images.OpenAsync(await WriteAsync("a.vhd", Child("", "", ""))));
        await File.WriteAllBytesAsync(_folder["raw.vhd"], new byte[8192], Token);
        await Images.FailsAsync(DiskImageErrors.UnknownFormat, async () => await Images.OpenAsync(await WriteAsync("a.vhd", Child("raw.vhd", "", ""))));

        // What lacks is the parent's parent, and the message must not blame the parent.
        await WriteAsync("b.vhd", Child("gone.vhd", "", ""));
        var missing = await Images.FailsAsync(DiskImageErrors.MissingFile, async () => await Images.OpenAsync(await WriteAsync("a.vhd", Child("b.vhd", "", ""))));
        Assert.Contains("\"gone.vhd\"", missing.Message, StringComparison.Ordinal);
        Assert.Equal("b.vhd", missing.File);
    }

    private static VhdBuilder Child(string relative, string absolute, string header) => new()
    {
        Content = Content,
        Type = 4,
        Id = new Guid(9, 9, 9, new byte[8]),
        ParentId = new Guid(1, 2, 3, new byte[8]),
        ParentName = header,
        Locators = [.. new[] { ("W2ku", absolute), ("W2ru", relative) }.Where(l => l.Item2.Length > 0)],
    };

    private async Task<string> WriteAsync(string name, VhdBuilder builder)
    {
        await File.WriteAllBytesAsync(_folder[name], builder.Build(), Token);
        return _folder[name];
    }
}
