using Ferry.Conversion.Output;
using Ferry.Hosting.Library;

namespace Ferry.Conversion.Tests.Support;

/// <summary>Where a handler under test writes.</summary>
internal static class Outputs
{
    /// <summary>Without a library, or with one.</summary>
    public static ConversionOutput Of(string? library = null) =>
        new(new LibraryShare(Microsoft.Extensions.Options.Options.Create(new LibraryOptions { Folder = library })));
}
