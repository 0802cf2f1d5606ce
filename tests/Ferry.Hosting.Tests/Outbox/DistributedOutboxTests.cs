using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Outbox;

/// <summary>On RabbitMQ and MongoDB.</summary>
[Collection(DistributedServices.Collection)]
public sealed class DistributedOutboxTests(DistributedServices services) : OutboxTests(new Transport(services));
