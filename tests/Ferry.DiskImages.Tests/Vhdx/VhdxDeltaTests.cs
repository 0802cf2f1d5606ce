using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhdx;

/// <summary>Which VHDX images take a delta, and what other programs make of them then. That deltas give the right content is tested for all formats in Writing/.</summary>
public sealed class VhdxDeltaTests : IDisposable
{
    private const int MiB = 1 << 20;
    private const string Content = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DiskImageDelta Delta => new() { Changed = [new(0, 512), new(6 * MiB, 512)], DeltaId = new Guid(1, 2, 3, new byte[8]) };

    [Theory]
    [InlineData("dynamic")]
    [InlineData("fixed")]
    public async Task Reopen_ImageOfAnotherProgram_IsRefused(string subformat)
    {
        Tool.Require("qemu-img");
        await Tool.RunAsync("qemu-img", "create", "-f", "vhdx", "-o", $"subformat={subformat}", _folder["a.vhdx"], "16M");
        await RefusedAsync(DiskImageErrors.UnsupportedVariant, "Another program wrote");
    }

    [Fact]
    public async Task Reopen_ImageThatAnotherProgramWroteTo_IsRefusedAndHoldsNothingKnown()
    {
        Tool.Require("qemu-io");
        await CreateAsync(complete: true);
        Assert.Equal(Content, await ContentIdAsync());
        await Tool.RunAsync("qemu-io", "-f", "vhdx", "-c", "write 1M 512", _folder["a.vhdx"]);

        Assert.Null(await ContentIdAsync());
        await RefusedAsync(DiskImageErrors.UnsupportedVariant, "has written to this image");
    }

    [Fact]
    public async Task Reopen_ImageThatIsNotComplete_IsRefused()
    {
        await CreateAsync(complete: false);
        await RefusedAsync(DiskImageErrors.Incomplete, "finish the conversion");
    }

    [Fact]
    public async Task Reopen_NoImage_IsRefused()
    {
        await File.WriteAllTextAsync(_folder["a.vhdx"], "text", Token);
        await RefusedAsync(DiskImageErrors.UnsupportedVariant, "not a VHDX");
        await File.WriteAllBytesAsync(_folder["a.vhdx"], new byte[8 * MiB], Token);
        await RefusedAsync(DiskImageErrors.UnsupportedVariant, "not a VHDX");
    }

    [Fact]
    public async Task Reopen_TableThatIsDamaged_IsRefused()
    {
        await CreateAsync(complete: true);
        await using (var file = File.OpenWrite(_folder["a.vhdx"]))
        {
            file.Position = 3 * MiB;
            file.WriteByte(7);
        }

        await RefusedAsync(DiskImageErrors.Corrupt, "table");
    }

    [Fact]
    public async Task Complete_Delta_ChangesTheIdsThatChildrenKnowTheirParentBy()
    {
        await CreateAsync(complete: true);
        var before = await HeaderAsync();
        await using (var writer = await DiskImage.ReopenAsync(_folder["a.vhdx"], DiskImageFormat.Vhdx, Delta, Token))
        {
            Assert.Equal(before, await HeaderAsync());
            await writer.CompleteAsync(Token);
        }

        var after = await HeaderAsync();
        Assert.NotEqual(before[16..32], after[16..32]);
        Assert.NotEqual(before[32..48], after[32..48]);
        Assert.Equal(before[48..], after[48..]);
    }

    [Fact]
    public async Task Complete_WrongContentId_IsRefused()
    {
        var writer = await CreateWriterAsync();
        await using (writer)
        {
            foreach (var id in new[] { "", "abc", Content.ToUpperInvariant(), Content + "0" })
            {
                await Assert.ThrowsAsync<ArgumentException>(async () => await writer.CompleteAsync(id, Token));
            }
        }
    }

    [Fact]
    public async Task Reopen_WhatStandsBehindTheLastBlock_IsNotShownByAnAppendedOne()
    {
        await CreateAsync(complete: true);
        await using (var file = File.Open(_folder["a.vhdx"], FileMode.Append))
        {
            await file.WriteAsync(Enumerable.Repeat((byte)9, 5 * MiB).ToArray(), Token);
        }

        await using (var writer = await DiskImage.ReopenAsync(_folder["a.vhdx"], DiskImageFormat.Vhdx, Delta, Token))
        {
            await writer.CompleteAsync(Token);
        }

        await using var reader = await Images.OpenAsync(_folder["a.vhdx"]);
        var content = new byte[reader.Capacity];
        await reader.ReadAsync(0, content, Token);
        Assert.DoesNotContain((byte)9, content);
    }

    private async Task<IDiskImageWriter> CreateWriterAsync() => await DiskImage.CreateOrContinueAsync(
        _folder["a.vhdx"], new DiskImagePlan { Format = DiskImageFormat.Vhdx, Capacity = 8 * MiB, Allocated = [new(0, 3 * MiB)], DiskId = Guid.NewGuid() }, Token);

    private async Task CreateAsync(bool complete)
    {
        await using var writer = await CreateWriterAsync();
        await writer.WriteAsync(0, Enumerable.Repeat((byte)3, 3 * MiB).ToArray(), Token);
        if (complete)
        {
            await writer.CompleteAsync(Content, Token);
        }
    }

    private async Task<string?> ContentIdAsync()
    {
        await using var reader = await Images.OpenAsync(_folder["a.vhdx"]);
        return reader.Info.ContentId;
    }

    private async Task<byte[]> HeaderAsync()
    {
        await using var file = new FileStream(_folder["a.vhdx"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = 128 * 1024;
        var bytes = new byte[80];
        await file.ReadExactlyAsync(bytes, Token);
        return bytes;
    }

    private async Task RefusedAsync(string code, string reason)
    {
        var before = await File.ReadAllBytesAsync(_folder["a.vhdx"], Token);
        var e = await Images.FailsAsync(code, async () => await DiskImage.ReopenAsync(_folder["a.vhdx"], DiskImageFormat.Vhdx, Delta, Token));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder["a.vhdx"], Token));
    }
}
