using Ferry.Hosting.Library;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ferry.Hosting;

/// <summary>The library share of a process.</summary>
public static class FerryLibraryExtensions
{
    /// <summary>Adds the <see cref="LibraryShare"/>; may be added by several services of a process.</summary>
    public static IHostApplicationBuilder AddLibraryShare(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<LibraryOptions>().BindConfiguration(LibraryOptions.SectionName);
        builder.Services.TryAddSingleton<LibraryShare>();
        return builder;
    }
}
