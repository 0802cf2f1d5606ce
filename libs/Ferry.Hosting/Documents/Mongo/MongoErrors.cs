using MongoDB.Driver;

namespace Ferry.Hosting.Documents.Mongo;

/// <summary>The driver's exceptions as the store's.</summary>
internal static class MongoErrors
{
    /// <summary>Runs a call; what the driver throws becomes <see cref="DocumentStoreException"/>.</summary>
    public static async Task<TResult> GuardAsync<TResult>(string what, Func<Task<TResult>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is MongoException or TimeoutException)
        {
            throw new DocumentStoreException($"MongoDB failed on {what}: {e.Message}", e);
        }
    }
}
