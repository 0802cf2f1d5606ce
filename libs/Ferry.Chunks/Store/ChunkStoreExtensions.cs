using Ferry.Chunks.Manifests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Ferry.Chunks.Store;

/// <summary>Registration of the chunk store.</summary>
public static class ChunkStoreExtensions
{
    /// <summary>Adds <see cref="IChunkStore"/> and <see cref="ManifestStore"/>. All services of one process share one store, so it may be called by each.</summary>
    public static IHostApplicationBuilder AddChunkStore(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<ChunkStoreOptions>().BindConfiguration(ChunkStoreOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IChunkStore>(provider => Open(provider.GetRequiredService<IOptions<ChunkStoreOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton<ManifestStore>();
        return builder;
    }

    private static FolderChunkStore Open(ChunkStoreOptions options, TimeProvider time) => new(
        options.Path,
        new FolderChunkStoreOptions { QuotaBytes = options.QuotaBytes, ReserveBytes = options.ReserveBytes, TouchAfter = options.TouchAfter },
        time);
}
