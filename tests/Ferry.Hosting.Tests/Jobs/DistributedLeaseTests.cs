using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Jobs;

/// <summary>On RabbitMQ and MongoDB.</summary>
[Collection(DistributedServices.Collection)]
public sealed class DistributedLeaseTests(DistributedServices services) : LeaseTests(new Transport(services));
