using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Tests.Engine;

/// <summary>What <c>ferry check</c> asks: the plan for an image that nothing may change.</summary>
public sealed class GuestPreviewTests
{
    [Fact]
    public async Task Plan_SampleGuest_SaysWhatWouldChangeAndChangesNothing()
    {
        var path = SampleGuest.Disk();
        var before = File.GetLastWriteTimeUtc(path);
        var options = SampleGuest.Options();
        await using var files = LocalImageFiles.ForImage(path, out var name);
        await using var image = await DiskImage.OpenAsync(files, name, DiskImageFormat.Raw, TestContext.Current.CancellationToken);
        var preview = new GuestPreview(options, SampleGuest.Engine());

        var result = await preview.PlanAsync(SampleGuest.Target, [image], activity: null, TestContext.Current.CancellationToken);

        Assert.False(result.Applied);
        Assert.False(result.Plan!.IsRefused);
        Assert.Equal(6, result.Plan.Rules.Count(r => r.Applies));
        Assert.Empty(result.ToReport().Changes);
        Assert.Equal(before, File.GetLastWriteTimeUtc(path));
    }
}
