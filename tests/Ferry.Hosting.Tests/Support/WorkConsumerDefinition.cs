using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Bus;

namespace Ferry.Hosting.Tests.Support;

internal sealed class WorkConsumerDefinition : CommandConsumerDefinition<WorkConsumer, CleanUpConversion>;
