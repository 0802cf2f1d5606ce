using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ferry.Hosting;

/// <summary>Documents that carry their own outgoing messages.</summary>
public static class FerryOutboxExtensions
{
    /// <summary>Adds <see cref="IOutbox"/>.</summary>
    public static IHostApplicationBuilder AddOutbox(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<IOutbox, BusOutbox>();
        return builder;
    }

    /// <summary>Adds <see cref="IDocumentCollection{T}"/> of a collection whose documents carry messages; the sweeper sends what a crash left in them.</summary>
    public static IHostApplicationBuilder AddOutboxDocuments<T>(this IHostApplicationBuilder builder, CollectionDefinition definition)
        where T : class, IOutboxDocument
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(definition);
        builder.AddOutbox();
        var indexed = definition with { Indexes = [["hasPending"], .. definition.Indexes] };
        builder.Services.AddSingleton(provider => provider.GetRequiredService<IDocumentStore>().Collection<T>(indexed));
        builder.Services.AddSingleton<OutboxSource>(
            provider => new OutboxSource<T>(definition.Name, provider.GetRequiredService<IDocumentCollection<T>>()));
        return builder;
    }
}
