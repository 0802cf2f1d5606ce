using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Live;

/// <summary>On RabbitMQ and MongoDB.</summary>
[Collection(DistributedServices.Collection)]
public sealed class DistributedLiveManifestsTests(DistributedServices services) : LiveManifestsTests(new Transport(services));
