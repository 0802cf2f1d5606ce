using Ferry.Hosting.Documents;
using Ferry.Hosting.Sagas;

namespace Ferry.Hosting.Tests.Sagas;

/// <summary>A saga that counts.</summary>
internal sealed class TallyState : SagaDocument
{
    public static readonly CollectionDefinition Collection = new("test.tallies", ["hasPending"]);

    public string CurrentState { get; set; } = "Initial";

    public int Count { get; set; }
}
