using System.Reflection;
using Ferry.Cli.Output;
using Ferry.Contracts;
using Ferry.DiskImages;

namespace Ferry.Cli.Tests.Output;

/// <summary>The contract's form: <c>error[CODE]: what; where; what to do</c>.</summary>
public sealed class ErrorsTests
{
    /// <summary>Every code of the image library.</summary>
    public static TheoryData<string> ImageCodes =>
        [.. typeof(DiskImageErrors).GetFields(BindingFlags.Public | BindingFlags.Static).Select(code => (string)code.GetRawConstantValue()!)];

    [Fact]
    public void Failure_IsWhatWhereAndWhatToDo() => Assert.Equal(
        "error[X]: It broke; disk.vmdk at offset 5; Mend it",
        Errors.Line(new Failure { Code = "X", Message = "It broke.", Where = "disk.vmdk at offset 5", Remedy = "Mend it." }));

    [Fact]
    public void PartThatIsMissing_LeavesNoGap() => Assert.Equal("error[X]: It broke; Mend it", Errors.Line(new Failure { Code = "X", Message = "It broke", Remedy = "Mend it" }));

    [Fact]
    public void Failure_OfSeveralLines_IsOneLine() =>
        Assert.Equal("error[X]: It broke: do: this; Mend it", Errors.Line(new Failure { Code = "X", Message = "It broke:\n  do:\r\n\n  this.\n", Remedy = "Mend\nit" }));

    [Theory]
    [MemberData(nameof(ImageCodes))]
    public void ImageFailure_SaysWhatToDo(string code) =>
        Assert.Matches(@"^error\[[A-Z_]+\]: It broke; disk\.vmdk; .+$", Errors.Line(Errors.From(new DiskImageException(code, "It broke.", "disk.vmdk"))));
}
