using Xunit;

namespace Ferry.Hives.Tests.Fuzzing;

/// <summary>Fuzzing runs alone: what it measures of memory and time is then its own.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FuzzCollection
{
    public const string Name = "Fuzzing";
}
