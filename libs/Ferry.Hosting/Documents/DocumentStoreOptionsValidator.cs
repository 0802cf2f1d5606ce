using System.Buffers;
using Microsoft.Extensions.Options;
using MongoDB.Driver;

namespace Ferry.Hosting.Documents;

/// <summary>Says everything that is wrong with the options of the store, at start.</summary>
internal sealed class DocumentStoreOptionsValidator : IValidateOptions<DocumentStoreOptions>
{
    private static readonly SearchValues<char> NotInDatabaseName = SearchValues.Create("/\\. \"$*<>:|?\0");

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, DocumentStoreOptions options)
    {
        string[] failures = [.. Failures(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(DocumentStoreOptions options)
    {
        switch (options.Kind)
        {
            case DocumentStoreKind.Sqlite:
                if (string.IsNullOrWhiteSpace(options.Path))
                {
                    yield return $"{DocumentStoreOptions.SectionName}:Path is missing: the file that keeps the documents.";
                }
                else if (Directory.Exists(options.Path))
                {
                    yield return $"{DocumentStoreOptions.SectionName}:Path is a folder: {options.Path}. Name a file.";
                }

                break;
            case DocumentStoreKind.MongoDb:
                if (!IsConnectionString(options.ConnectionString))
                {
                    yield return $"{DocumentStoreOptions.SectionName}:ConnectionString is missing or not of the form mongodb://host:port.";
                }

                if (string.IsNullOrWhiteSpace(options.Database) || options.Database.AsSpan().IndexOfAny(NotInDatabaseName) >= 0)
                {
                    yield return $"{DocumentStoreOptions.SectionName}:Database is not the name of a database: '{options.Database}'.";
                }

                break;
            default:
                yield return $"{DocumentStoreOptions.SectionName}:Kind is neither sqlite nor mongodb.";
                break;
        }
    }

    private static bool IsConnectionString(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        try
        {
            _ = new MongoUrl(text);
            return true;
        }
        catch (MongoConfigurationException)
        {
            return false; // the exception's text would show the password
        }
    }
}
