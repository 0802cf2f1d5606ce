using Ferry.Hosting.Documents.Mongo;
using Ferry.Hosting.Documents.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using OpenTelemetry.Trace;

namespace Ferry.Hosting.Documents;

/// <summary>Registration of the document store.</summary>
public static class DocumentStoreExtensions
{
    /// <summary>Adds <see cref="IDocumentStore"/> as <see cref="DocumentStoreOptions"/> say, and its spans.</summary>
    public static TBuilder AddDocumentStore<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<DocumentStoreOptions>().BindConfiguration(DocumentStoreOptions.SectionName).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DocumentStoreOptions>, DocumentStoreOptionsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IMongoClient>(services => new MongoClient(Options(services).ConnectionString));
        builder.Services.TryAddSingleton(Create);
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(DocumentTelemetry.SourceName));
        return builder;
    }

    private static DocumentStoreOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<DocumentStoreOptions>>().Value;

    private static IDocumentStore Create(IServiceProvider services)
    {
        var options = Options(services);
        return options.Kind switch
        {
            DocumentStoreKind.Sqlite => new SqliteDocumentStore(options.Path!, services.GetRequiredService<TimeProvider>()),
            DocumentStoreKind.MongoDb => new MongoDocumentStore(services.GetRequiredService<IMongoClient>().GetDatabase(options.Database)),
            _ => throw new InvalidOperationException($"No store of kind {options.Kind}."),
        };
    }
}
