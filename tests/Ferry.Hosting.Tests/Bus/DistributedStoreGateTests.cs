using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Bus;

/// <summary>On RabbitMQ and MongoDB.</summary>
[Collection(DistributedServices.Collection)]
public sealed class DistributedStoreGateTests(DistributedServices services) : StoreGateTests(new Transport(services));
