using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Jobs;

/// <summary>On RabbitMQ and MongoDB.</summary>
[Collection(DistributedServices.Collection)]
public sealed class DistributedFencingTests(DistributedServices services) : FencingTests(new Transport(services));
