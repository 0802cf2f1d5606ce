using Ferry.Chunks.Store;
using Microsoft.Extensions.Options;

namespace Ferry.Cleanup.Store;

/// <summary>A grace period that is too short would cost chunks that running jobs count on.</summary>
public sealed class CollectionOptionsValidator(IOptions<ChunkStoreOptions> store) : IValidateOptions<CollectionOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CollectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var least = store.Value.TouchAfter + CollectionOptions.LeastMargin;
        return options.Grace >= least
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{CollectionOptions.SectionName}:{nameof(CollectionOptions.Grace)} is {options.Grace}; with {ChunkStoreOptions.SectionName}:{nameof(ChunkStoreOptions.TouchAfter)} "
                + $"{store.Value.TouchAfter} it must be at least {least}.");
    }
}
