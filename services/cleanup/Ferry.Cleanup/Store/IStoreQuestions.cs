using Ferry.Contracts.Cleanup;

namespace Ferry.Cleanup.Store;

/// <summary>The way to the services.</summary>
public interface IStoreQuestions
{
    /// <summary>Asks; a question that is lost is asked again.</summary>
    Task AskAsync(ListLiveManifests question, CancellationToken cancellationToken);
}
