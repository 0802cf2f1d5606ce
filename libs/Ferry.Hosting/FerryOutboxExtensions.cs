using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ferry.Hosting;

/// <summary>Documents of a service that carry messages.</summary>
public static class FerryOutboxExtensions
{
    /// <summary>Adds an <see cref="IOutbox{T}"/> over a collection; it should have the index <c>hasPending</c>, by which the sweeper finds what a crash left behind.</summary>
    public static IHostApplicationBuilder AddOutbox<T>(this IHostApplicationBuilder builder, CollectionDefinition definition) where T : class, IOutboxDocument
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(definition);
        JobServices.AddShared(builder.Services);
        builder.Services.AddSingleton<IOutbox<T>>(provider =>
            new DocumentOutbox<T>(provider.GetRequiredService<IDocumentStore>().Collection<T>(definition), provider.GetRequiredService<OutboxDispatcher>()));
        builder.Services.AddSingleton<OutboxSource>(provider => new OutboxSource<T>(definition.Name, provider.GetRequiredService<IOutbox<T>>().Documents));
        return builder;
    }
}
