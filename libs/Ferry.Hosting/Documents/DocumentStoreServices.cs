using Ferry.Hosting.Documents.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ferry.Hosting.Documents;

/// <summary>Registers the document store that the configuration names.</summary>
internal static class DocumentStoreServices
{
    /// <summary>Adds it, unless the host has brought one.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddOptions<DocumentsOptions>().BindConfiguration(DocumentsOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<IDocumentStore>(provider => Open(provider.GetRequiredService<IOptions<DocumentsOptions>>().Value));
    }

    private static SqliteDocumentStore Open(DocumentsOptions options)
    {
        if (options.IsMongoDb)
        {
            throw new NotSupportedException("The MongoDB store is not built in yet.");
        }

        var path = System.IO.Path.GetFullPath(options.Path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return new SqliteDocumentStore(path);
    }
}
